/// A driver around another, whose calls somebody watches.
@NullMarked
package dev.berth.storage.watched;

import org.jspecify.annotations.NullMarked;
