/// Bytes under paths, and what is durable when. Knows nothing of images. One package below this one
/// for each kind of store.
@NullMarked
package dev.berth.storage;

import org.jspecify.annotations.NullMarked;
