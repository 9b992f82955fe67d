package dev.berth.server.store;

import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.storage.FileInfo;
import dev.berth.storage.StorageDriver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Lists tags, fast for large repositories. Remembers the last listing of some repositories, and
/// uses it only while the folder's time says that no name was added or removed since.
final class TagNames {
  /// A folder's time may be too coarse to show a second change right after the first, so a listing
  /// is remembered only once the folder has been quiet for this long.
  private static final Duration QUIET = Duration.ofSeconds(2);

  /// Bounds memory: the names of all remembered listings together.
  private static final int MAX_NAMES = 200_000;

  /// The same for their characters, of which a name may have 128.
  private static final int MAX_CHARACTERS = 4_000_000;

  private final StorageDriver driver;
  private final Map<RepositoryName, Listing> remembered = new LinkedHashMap<>();
  private final int maxCharacters;
  private int rememberedNames;
  private long rememberedCharacters;

  TagNames(StorageDriver driver) {
    this(driver, MAX_CHARACTERS);
  }

  TagNames(StorageDriver driver, int maxCharacters) {
    this.driver = driver;
    this.maxCharacters = maxCharacters;
  }

  /// Of all remembered listings.
  synchronized long rememberedCharacters() {
    return rememberedCharacters;
  }

  /// The sorted tags; empty where the repository has no folder of tags.
  Optional<List<Tag>> list(RepositoryName repository) {
    Optional<FileInfo> folder = driver.stat(StoreLayout.tags(repository));
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    Instant changed = folder.get().modified();
    Optional<Listing> known = recall(repository);
    long now = System.nanoTime();
    if (known.isPresent() && known.get().usableAt(changed)) {
      return Optional.of(known.get().tags());
    }
    Optional<List<String>> found = driver.list(StoreLayout.tags(repository));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Set<Tag> sure = known.<Set<Tag>>map(listing -> new HashSet<>(listing.tags())).orElse(Set.of());
    List<Tag> tags = new ArrayList<>(found.get().size());
    for (String name : found.get()) {
      Tag.tryParse(name)
          .filter(tag -> sure.contains(tag) || pointsSomewhere(repository, tag))
          .ifPresent(tags::add);
    }
    tags.sort(null);
    boolean whole = tags.size() == found.get().size();
    Listing listing = Listing.of(tags, changed, whole, now, known);
    remember(repository, listing);
    return Optional.of(listing.tags());
  }

  /// A folder without `current/link` is a push that was cut off, or that is under way: not a tag
  /// yet.
  private boolean pointsSomewhere(RepositoryName repository, Tag tag) {
    return driver.stat(StoreLayout.tagCurrent(repository, tag)).isPresent();
  }

  private synchronized Optional<Listing> recall(RepositoryName repository) {
    return Optional.ofNullable(remembered.get(repository));
  }

  private synchronized void remember(RepositoryName repository, Listing listing) {
    Listing old = remembered.remove(repository);
    if (old != null) {
      count(old, -1);
    }
    if (listing.tags().size() > MAX_NAMES || listing.characters() > maxCharacters) {
      return;
    }
    remembered.put(repository, listing);
    count(listing, 1);
    var eldest = remembered.values().iterator();
    while (rememberedNames > MAX_NAMES || rememberedCharacters > maxCharacters) {
      count(eldest.next(), -1);
      eldest.remove();
    }
  }

  private void count(Listing listing, int sign) {
    rememberedNames += sign * listing.tags().size();
    rememberedCharacters += sign * listing.characters();
  }

  /// @param changed the folder's time, read before its names
  /// @param firstSeen when (`nanoTime`) that time was seen first
  /// @param usable whether the names were read so long after that no change can hide behind the
  ///   same time, and each of them was a tag. No clock of the store is compared with ours: they may
  ///   differ.
  private record Listing(
      List<Tag> tags, long characters, Instant changed, long firstSeen, boolean usable) {
    static Listing of(
        List<Tag> tags, Instant changed, boolean whole, long now, Optional<Listing> before) {
      long firstSeen =
          before.filter(old -> old.changed().equals(changed)).map(Listing::firstSeen).orElse(now);
      boolean quiet = now - firstSeen >= QUIET.toNanos();
      long characters = tags.stream().mapToLong(tag -> tag.toString().length()).sum();
      return new Listing(List.copyOf(tags), characters, changed, firstSeen, whole && quiet);
    }

    boolean usableAt(Instant folderTime) {
      return usable && changed.equals(folderTime);
    }
  }
}
