/// The application log on standard error. Other packages write to [System.Logger] and know nothing
/// of this one; facts of a line are [Fact]s among its parameters.
@NullMarked
package dev.berth.server.log;

import org.jspecify.annotations.NullMarked;
