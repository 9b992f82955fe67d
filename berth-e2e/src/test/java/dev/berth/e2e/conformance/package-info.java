/// The conformance program of the OCI distribution specification.
@NullMarked
package dev.berth.e2e.conformance;

import org.jspecify.annotations.NullMarked;
