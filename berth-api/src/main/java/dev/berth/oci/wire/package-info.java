/// How the distribution protocol is written over HTTP: requests ([OciRequest], [OciRoutes]), error
/// bodies, lists and links. Server and client use the same grammar. Nothing here does I/O or knows
/// an HTTP engine.
@NullMarked
package dev.berth.oci.wire;

import org.jspecify.annotations.NullMarked;
