/// Caches of facts that follow from immutable bytes. May be empty or lose anything at any time;
/// nothing asks them where safety depends on the answer. The only package that knows Caffeine.
@NullMarked
package dev.berth.server.cache;

import org.jspecify.annotations.NullMarked;
