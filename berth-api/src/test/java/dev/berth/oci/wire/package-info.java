@NullMarked
package dev.berth.oci.wire;

import org.jspecify.annotations.NullMarked;
