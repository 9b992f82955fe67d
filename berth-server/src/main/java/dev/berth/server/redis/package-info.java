/// A Redis that replicas share, as a cache: manifests, which prove themselves by their digest, and
/// the keys that registry 2.8.2 keeps there, which are removed where Berth deletes. Nothing asks it
/// whether something exists. The only package that knows Lettuce.
@NullMarked
package dev.berth.server.redis;

import org.jspecify.annotations.NullMarked;
