package dev.berth.server.store;

import dev.berth.oci.Digest;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Remembers for a second that a manifest was pushed to a tag by its sha256 digest alone, as nearly
/// all are: a look at the store for each read would find nothing. Where another process pushes the
/// same bytes to the same tag by another digest meanwhile, readers get the sha256 name of the same
/// manifest that much longer. Never says what a tag points at.
final class PlainTags {
  private static final long TRUSTED_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// A power of two; two tags of one slot only forget each other.
  private static final int SLOTS = 1024;

  private record Seen(RepositoryName repository, Tag tag, Digest sha256, long at) {
    boolean is(RepositoryName otherRepository, Tag otherTag, Digest otherDigest) {
      return sha256.equals(otherDigest)
          && tag.equals(otherTag)
          && repository.equals(otherRepository);
    }
  }

  private final AtomicReferenceArray<@Nullable Seen> slots = new AtomicReferenceArray<>(SLOTS);

  boolean has(RepositoryName repository, Tag tag, Digest sha256) {
    Seen seen = slots.get(slot(repository, tag));
    return seen != null
        && seen.is(repository, tag, sha256)
        && System.nanoTime() - seen.at() < TRUSTED_NANOS;
  }

  /// @param lookedAt `nanoTime` before the look at the store
  void add(RepositoryName repository, Tag tag, Digest sha256, long lookedAt) {
    slots.set(slot(repository, tag), new Seen(repository, tag, sha256, lookedAt));
  }

  void remove(RepositoryName repository, Tag tag) {
    slots.set(slot(repository, tag), null);
  }

  private static int slot(RepositoryName repository, Tag tag) {
    int hash = 31 * repository.value().hashCode() + tag.value().hashCode();
    return (hash ^ hash >>> 16) & (SLOTS - 1);
  }
}
