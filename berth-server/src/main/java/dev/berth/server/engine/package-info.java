/// The HTTP engine behind a small blocking face: the only package that knows Vert.x and Netty. It
/// gives each request to a [HttpHandler] on a thread of a bounded pool, reads and writes apart, and
/// knows nothing of images.
@NullMarked
package dev.berth.server.engine;

import org.jspecify.annotations.NullMarked;
