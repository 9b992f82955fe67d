/// The distribution protocol over HTTP: from a [dev.berth.server.engine.HttpExchange] to calls of
/// [dev.berth.oci.Registry] and back. Wiring builds it; it knows no storage and keeps no state
/// between requests.
@NullMarked
package dev.berth.server.http;

import org.jspecify.annotations.NullMarked;
