/// Tests of the HTTP engine with real sockets on 127.0.0.1.
@NullMarked
package dev.berth.server.engine;

import org.jspecify.annotations.NullMarked;
