/// Counts and times what the server does, and writes it as Prometheus reads it, under the names of
/// registry 2.8.2, of distribution 3, and of its own. Nobody below knows of it: it wraps what it
/// counts. The only package that knows the library of Prometheus.
@NullMarked
package dev.berth.server.metrics;

import org.jspecify.annotations.NullMarked;
