/// The registry's content on a [dev.berth.storage.StorageDriver], in the layout of registry 2.8.2:
/// blobs, links, tags and upload sessions, each written in the order that `docs/storage-format.md`
/// sets. Knows no HTTP and no manifest rules.
@NullMarked
package dev.berth.server.store;

import org.jspecify.annotations.NullMarked;
