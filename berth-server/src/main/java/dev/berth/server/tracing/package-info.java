/// Tells a collector of OpenTelemetry what each request did and how long it took, where the
/// environment asks for it.
@NullMarked
package dev.berth.server.tracing;

import org.jspecify.annotations.NullMarked;
