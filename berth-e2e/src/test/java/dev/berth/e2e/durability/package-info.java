/// What was acknowledged must be there after a power cut, a SIGKILL and a full disk.
@NullMarked
package dev.berth.e2e.durability;

import org.jspecify.annotations.NullMarked;
