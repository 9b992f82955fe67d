/// Whom the TLS connections are trusted by that this server opens.
@NullMarked
package dev.berth.server.trust;

import org.jspecify.annotations.NullMarked;
