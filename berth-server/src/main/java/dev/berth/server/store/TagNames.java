package dev.berth.server.store;

import dev.berth.oci.Page;
import dev.berth.oci.PageRequest;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.storage.FileInfo;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lists tags, fast for large repositories and in bounded memory for huge ones. Remembers the last
/// listing of some repositories, and uses it only while the folder's time says that no name was
/// added or removed since. A repository whose tags take more than a part of the heap is listed a
/// page at a time, each read from the store anew.
final class TagNames {
  /// A folder's time may be too coarse to show a second change right after the first, so a listing
  /// is remembered only once the folder has been quiet for this long.
  private static final Duration QUIET = Duration.ofSeconds(2);

  /// About what a tag takes in memory beside its characters.
  private static final int TAG_BYTES = 96;

  private static final int SHARE_OF_HEAP = 16;

  /// Larger listings are made one at a time.
  private static final long LARGE = 256 << 10;

  private static final long PATIENCE_SECONDS = 10;

  /// Who comes when so many wait is told at once to come again: their threads are needed.
  private static final int MOST_WAITING = 12;

  private final StorageDriver driver;
  private final Map<RepositoryName, Listing> remembered = new LinkedHashMap<>();
  private final Semaphore large = new Semaphore(1, true);

  /// Of one listing, and of all that are remembered together.
  private final long mostWeight;

  private long rememberedWeight;

  TagNames(StorageDriver driver) {
    this(driver, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  TagNames(StorageDriver driver, long mostWeight) {
    this.driver = driver;
    this.mostWeight = mostWeight;
  }

  static long weight(String name) {
    return (long) name.length() + TAG_BYTES;
  }

  /// Of all remembered listings.
  synchronized long rememberedWeight() {
    return rememberedWeight;
  }

  /// Gives `use` a page of the sorted tags; empty where the repository has no folder of tags. A
  /// page that asks for all has all, unless they take more than the bound on memory: then it says
  /// that there are more. While `use` works with a page from a large listing that is not remembered
  /// yet, nobody else makes one.
  ///
  /// @throws StorageException.Unavailable too many large listings at one time
  <T> Optional<T> page(RepositoryName repository, PageRequest page, Function<Page<Tag>, T> use) {
    Optional<FileInfo> folder = driver.stat(StoreLayout.tags(repository));
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    Instant changed = folder.get().modified();
    Optional<Listing> known = recall(repository);
    long now = System.nanoTime();
    if (known.isPresent() && known.get().usableAt(changed)) {
      return Optional.of(use.apply(SortedPages.cut(known.get().tags(), page)));
    }
    try (Names names = new Names(repository, known.map(Listing::tags).orElse(List.of()))) {
      if (!driver.visit(StoreLayout.tags(repository), names::add)) {
        return Optional.empty();
      }
      if (names.tooMany()) {
        forget(repository);
        return Optional.of(use.apply(read(repository, page)));
      }
      Listing listing = names.listing(changed, now, known);
      remember(repository, listing);
      return Optional.of(use.apply(SortedPages.cut(listing.tags(), page)));
    }
  }

  /// Somebody looked for the tag and it is not there: a listing that has it is of no use, though
  /// its folder has not changed. A delete that was cut off leaves it so.
  synchronized void isGone(RepositoryName repository, Tag tag) {
    Listing known = remembered.get(repository);
    if (known != null && Collections.binarySearch(known.tags(), tag) >= 0) {
      forget(repository);
    }
  }

  private Page<Tag> read(RepositoryName repository, PageRequest page) {
    StoragePath tags = StoreLayout.tags(repository);
    var first =
        new FirstNames(
            page,
            mostWeight,
            name -> Tag.tryParse(name).filter(tag -> pointsSomewhere(repository, tag)).isPresent());
    driver.visit(tags, first::add);
    return new Page<>(first.sorted().stream().map(Tag::new).toList(), first.more());
  }

  /// A folder without `current/link` is a push that was cut off, or that is under way: not a tag
  /// yet.
  private boolean pointsSomewhere(RepositoryName repository, Tag tag) {
    return driver.stat(StoreLayout.tagCurrent(repository, tag)).isPresent();
  }

  private synchronized Optional<Listing> recall(RepositoryName repository) {
    return Optional.ofNullable(remembered.get(repository));
  }

  private synchronized void forget(RepositoryName repository) {
    Listing old = remembered.remove(repository);
    if (old != null) {
      rememberedWeight -= old.weight();
    }
  }

  private synchronized void remember(RepositoryName repository, Listing listing) {
    forget(repository);
    remembered.put(repository, listing);
    rememberedWeight += listing.weight();
    var eldest = remembered.values().iterator();
    while (rememberedWeight > mostWeight) {
      rememberedWeight -= eldest.next().weight();
      eldest.remove();
    }
  }

  /// The tags of one repository as they are read, as long as they are not too many.
  private final class Names implements AutoCloseable {
    private final RepositoryName repository;
    private final List<Tag> sure;
    private @Nullable List<Tag> tags = new ArrayList<>();
    private boolean whole = true;
    private long weight;
    private boolean isLarge;

    /// @param sure sorted; no need to look whether they point somewhere
    Names(RepositoryName repository, List<Tag> sure) {
      this.repository = repository;
      this.sure = sure;
    }

    void add(String name) {
      if (tags == null) {
        return;
      }
      Optional<Tag> tag =
          Tag.tryParse(name).filter(it -> isSure(it) || pointsSomewhere(repository, it));
      if (tag.isEmpty()) {
        whole = false;
        return;
      }
      weight += TagNames.weight(name);
      if (weight > mostWeight) {
        tags = null;
        return;
      }
      tags.add(tag.get());
      if (weight > LARGE && !isLarge) {
        waitForOthers();
        isLarge = true;
      }
    }

    private boolean isSure(Tag tag) {
      return Collections.binarySearch(sure, tag) >= 0;
    }

    private void waitForOthers() {
      try {
        if (large.getQueueLength() < MOST_WAITING
            && large.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new StorageException.Unavailable(
          "cannot list the tags of " + repository + ": too many large listings at one time", null);
    }

    boolean tooMany() {
      return tags == null;
    }

    Listing listing(Instant changed, long now, Optional<Listing> before) {
      List<Tag> sorted = tags == null ? List.of() : tags;
      sorted.sort(null);
      return Listing.of(sorted, weight, changed, whole, now, before);
    }

    @Override
    public void close() {
      if (isLarge) {
        large.release();
      }
    }
  }

  /// @param changed the folder's time, read before its names
  /// @param firstSeen when (`nanoTime`) that time was seen first
  /// @param usable whether the names were read so long after that no change can hide behind the
  ///   same time, and each of them was a tag. No clock of the store is compared with ours: they may
  ///   differ.
  private record Listing(
      List<Tag> tags, long weight, Instant changed, long firstSeen, boolean usable) {
    static Listing of(
        List<Tag> tags,
        long weight,
        Instant changed,
        boolean whole,
        long now,
        Optional<Listing> before) {
      long firstSeen =
          before.filter(old -> old.changed().equals(changed)).map(Listing::firstSeen).orElse(now);
      boolean quiet = now - firstSeen >= QUIET.toNanos();
      return new Listing(List.copyOf(tags), weight, changed, firstSeen, whole && quiet);
    }

    boolean usableAt(Instant folderTime) {
      return usable && changed.equals(folderTime);
    }
  }
}
