@NullMarked
package dev.berth.storage.watched;

import org.jspecify.annotations.NullMarked;
