/// The program: commands, their options and exit statuses, and the one place where the parts are
/// put together. Nothing depends on this package.
@NullMarked
package dev.berth.server;

import org.jspecify.annotations.NullMarked;
