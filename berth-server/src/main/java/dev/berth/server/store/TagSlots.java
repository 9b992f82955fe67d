package dev.berth.server.store;

import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Remembers something of some tags, in little memory and without locks. Forgets at any time: two
/// tags of one slot forget each other. Safe for use by many threads.
final class TagSlots<V> {
  /// A power of two.
  private static final int SLOTS = 1024;

  private record Entry<V>(RepositoryName repository, Tag tag, V value) {}

  private final AtomicReferenceArray<@Nullable Entry<V>> slots = new AtomicReferenceArray<>(SLOTS);

  @Nullable V find(RepositoryName repository, Tag tag) {
    Entry<V> entry = slots.get(slot(repository, tag));
    return entry != null && entry.tag().equals(tag) && entry.repository().equals(repository)
        ? entry.value()
        : null;
  }

  void put(RepositoryName repository, Tag tag, V value) {
    slots.set(slot(repository, tag), new Entry<>(repository, tag, value));
  }

  void remove(RepositoryName repository, Tag tag) {
    slots.set(slot(repository, tag), null);
  }

  private static int slot(RepositoryName repository, Tag tag) {
    int hash = 31 * repository.value().hashCode() + tag.value().hashCode();
    return (hash ^ hash >>> 16) & (SLOTS - 1);
  }
}
