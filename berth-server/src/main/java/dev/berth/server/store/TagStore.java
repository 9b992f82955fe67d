package dev.berth.server.store;

import dev.berth.oci.Digest;
import dev.berth.oci.Page;
import dev.berth.oci.PageRequest;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.storage.FileInfo;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StoragePath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Tags: movable names of manifests. Every answer comes from the store.
public final class TagStore {
  /// How long registry 2.8.2 may take between truncating a link in place and writing it.
  private static final int TORN_LINK_TRIES = 3;

  private static final long TORN_LINK_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long PLAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final StorageDriver driver;
  private final Links links;
  private final BlobStore blobs;
  private final TagNames names;

  /// The sha512 names of manifests: what follows from their bytes.
  private final TagSlots<Named> named = new TagSlots<>();

  /// What tags pointed at, by the version of their link: asked only together with a look at it.
  private final TagSlots<Target> targets = new TagSlots<>();

  /// Tags whose manifest was pushed to them by its sha256 digest alone, as nearly all are: a look
  /// at the store for each read would find nothing. Where another process pushes the same bytes to
  /// the same tag by another digest, readers get the sha256 name of the same manifest for a second
  /// more.
  private final TagSlots<Plain> plain = new TagSlots<>();

  private record Named(Digest sha256, Digest sha512) {}

  private record Target(Object version, Digest sha256) {}

  /// @param at `nanoTime` before the look at the store
  private record Plain(Digest sha256, long at) {
    boolean stillHolds(Digest other) {
      return sha256.equals(other) && System.nanoTime() - at < PLAIN_NANOS;
    }
  }

  TagStore(StorageDriver driver, Links links, BlobStore blobs) {
    this.driver = driver;
    this.links = links;
    this.blobs = blobs;
    this.names = new TagNames(driver);
  }

  /// The sha256 digest that the tag points at now; empty where there is no such tag.
  public Optional<Digest> resolve(RepositoryName repository, Tag tag) {
    StoragePath current = StoreLayout.tagCurrent(repository, tag);
    if (!driver.traits().tellsVersions()) {
      Optional<Digest> target = read(repository, tag, current);
      if (target.isEmpty()) {
        names.isGone(repository, tag);
      }
      return target;
    }
    // A look at the link costs half of reading it, and nearly always says that it is the old one.
    Optional<FileInfo> link = driver.stat(current);
    if (link.isEmpty()) {
      names.isGone(repository, tag);
      return Optional.empty();
    }
    Object version = link.get().version();
    Target known = targets.find(repository, tag);
    if (known != null && known.version().equals(version)) {
      return Optional.of(known.sha256());
    }
    Optional<Digest> target = read(repository, tag, current);
    if (version != null && target.isPresent()) {
      targets.put(repository, tag, new Target(version, target.get()));
    }
    return target;
  }

  private Optional<Digest> read(RepositoryName repository, Tag tag, StoragePath current) {
    for (int i = 0; i < TORN_LINK_TRIES; i++) {
      switch (links.read(current)) {
        case Links.Link.Whole whole -> {
          return Optional.of(whole.target());
        }
        case Links.Link.Missing _ -> {
          return Optional.empty();
        }
        case Links.Link.Damaged _ -> LockSupport.parkNanos(TORN_LINK_PAUSE_NANOS);
      }
    }
    Optional<Digest> newest = newest(repository, tag);
    newest.ifPresent(digest -> links.heal(current, digest));
    return newest;
  }

  /// The digest by which the manifest that the tag points at was pushed to it; sha256, where that
  /// was so a moment ago.
  ///
  /// @param sha256 what [#resolve] gave
  public Digest name(RepositoryName repository, Tag tag, Digest sha256) {
    Plain known = plain.find(repository, tag);
    if (known != null && known.stillHolds(sha256)) {
      return sha256;
    }
    long now = System.nanoTime();
    Optional<Digest> alias = alias(repository, tag, sha256);
    if (alias.isEmpty()) {
      plain.put(repository, tag, new Plain(sha256, now));
    }
    return alias.orElse(sha256);
  }

  /// Points the tag at a manifest: its history first (step T1), then the tag itself (step T2).
  /// Durable when it returns.
  ///
  /// @param name the digest by which it was pushed, for [#name]
  public void point(RepositoryName repository, Tag tag, Digest sha256, Digest name) {
    try (var _ = driver.lock(StoreLayout.tagCurrent(repository, tag))) {
      pointLocked(repository, tag, sha256, name);
    }
  }

  /// As [#point], unless the tag points at another manifest: of several who come to a new tag at
  /// one time the first one has it.
  ///
  /// @return false, with nothing changed, where it does
  public boolean pointUnlessElsewhere(
      RepositoryName repository, Tag tag, Digest sha256, Digest name) {
    StoragePath current = StoreLayout.tagCurrent(repository, tag);
    try (var _ = driver.lock(current)) {
      boolean elsewhere =
          read(repository, tag, current).filter(at -> !at.equals(sha256)).isPresent();
      if (!elsewhere) {
        pointLocked(repository, tag, sha256, name);
      }
      return !elsewhere;
    }
  }

  /// Points the tag at a manifest that it pointed at before a delete took the two away: unless
  /// there is such a tag by now. Waits for a delete that has looked already and not yet removed the
  /// tag.
  public void pointAgain(RepositoryName repository, Tag tag, Digest sha256, Digest name) {
    try (var _ = driver.lock(StoreLayout.tagCurrent(repository, tag))) {
      if (links.read(StoreLayout.tagCurrent(repository, tag)) instanceof Links.Link.Missing) {
        pointLocked(repository, tag, sha256, name);
      }
    }
  }

  private void pointLocked(RepositoryName repository, Tag tag, Digest sha256, Digest name) {
    alias(repository, tag, sha256)
        .ifPresent(former -> links.remove(StoreLayout.tagIndexLink(repository, tag, former)));
    if (!name.equals(sha256)) {
      links.write(StoreLayout.tagIndexLink(repository, tag, name), sha256);
    }
    links.write(StoreLayout.tagIndexLink(repository, tag, sha256), sha256);
    links.write(StoreLayout.tagCurrent(repository, tag), sha256);
    plain.remove(repository, tag);
  }

  /// Removes the tag with its history. Durable when it returns.
  ///
  /// @return whether there was such a tag
  public boolean remove(RepositoryName repository, Tag tag) {
    try (var _ = driver.lock(StoreLayout.tagCurrent(repository, tag))) {
      return removeLocked(repository, tag);
    }
  }

  /// Removes every tag that points at this manifest: reads every tag of the repository. A tag that
  /// is moved elsewhere meanwhile stays, and all stay once the manifest is pushed again.
  ///
  /// @param pushedAgain whether it was
  public void removePointingAt(
      RepositoryName repository, Digest sha256, BooleanSupplier pushedAgain) {
    for (Tag tag : pointingAt(repository, sha256, _ -> true)) {
      try (var _ = driver.lock(StoreLayout.tagCurrent(repository, tag))) {
        if (links.read(StoreLayout.tagCurrent(repository, tag))
                instanceof Links.Link.Whole(Digest target)
            && target.equals(sha256)
            && !pushedAgain.getAsBoolean()) {
          removeLocked(repository, tag);
        }
      }
    }
  }

  /// One of these tags that points at a manifest; empty for none. Reads each of these tags that the
  /// repository has.
  public Optional<Tag> findPointingAt(
      RepositoryName repository, Digest sha256, Predicate<Tag> these) {
    return pointingAt(repository, sha256, these).stream().findFirst();
  }

  private List<Tag> pointingAt(RepositoryName repository, Digest sha256, Predicate<Tag> these) {
    List<Tag> found = new ArrayList<>();
    driver.visit(
        StoreLayout.tags(repository),
        name ->
            Tag.tryParse(name)
                .filter(these)
                .filter(tag -> resolve(repository, tag).filter(sha256::equals).isPresent())
                .ifPresent(found::add));
    return found;
  }

  /// For callers that hold the tag: else a push between the two steps would lose its tag to the
  /// second.
  private boolean removeLocked(RepositoryName repository, Tag tag) {
    // The tag itself first: should the power fail here, what is left behind is no tag.
    boolean removed = driver.delete(StoreLayout.tagCurrent(repository, tag));
    driver.deleteTree(StoreLayout.tag(repository, tag));
    return removed;
  }

  /// Gives `use` a page of the sorted tags; empty where the repository never had one. See
  /// [TagNames#page].
  public <T> Optional<T> page(
      RepositoryName repository, PageRequest page, Function<Page<Tag>, T> use) {
    return names.page(repository, page, use);
  }

  /// The sha512 name under which this manifest was pushed to the tag. Mostly there is none, which
  /// costs one `stat`. The name follows from the bytes, so that a long history need not be
  /// searched.
  private Optional<Digest> alias(RepositoryName repository, Tag tag, Digest sha256) {
    if (driver.stat(StoreLayout.tagIndex(repository, tag, Digest.Algorithm.SHA512)).isEmpty()) {
      return Optional.empty();
    }
    Named known = named.find(repository, tag);
    Optional<Digest> sha512 =
        known != null && known.sha256().equals(sha256)
            ? Optional.of(known.sha512())
            : blobs.digest(sha256, Digest.Algorithm.SHA512);
    sha512.ifPresent(digest -> named.put(repository, tag, new Named(sha256, digest)));
    return sha512.filter(
        digest ->
            links.read(StoreLayout.tagIndexLink(repository, tag, digest))
                    instanceof Links.Link.Whole(Digest target)
                && target.equals(sha256));
  }

  /// The manifest that the tag was pointed at last, by the times of its history.
  private Optional<Digest> newest(RepositoryName repository, Tag tag) {
    Digest.Algorithm algorithm = Digest.Algorithm.SHA256;
    AtomicReference<@Nullable Pointed> newest = new AtomicReference<>();
    driver.visit(
        StoreLayout.tagIndex(repository, tag, algorithm),
        hex ->
            Digest.tryParse(algorithm.prefix() + ":" + hex)
                .map(it -> new Pointed(it, time(StoreLayout.tagIndexLink(repository, tag, it))))
                .ifPresent(it -> newest.accumulateAndGet(it, Pointed::later)));
    return Optional.ofNullable(newest.get()).map(Pointed::digest);
  }

  private Instant time(StoragePath link) {
    return driver.stat(link).map(FileInfo::modified).orElse(Instant.MIN);
  }

  private record Pointed(Digest digest, Instant at) {
    static Pointed later(@Nullable Pointed one, Pointed other) {
      return one == null || other.at().isAfter(one.at()) ? other : one;
    }
  }
}
