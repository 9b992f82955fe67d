@NullMarked
package dev.berth.server.reload;

import org.jspecify.annotations.NullMarked;
