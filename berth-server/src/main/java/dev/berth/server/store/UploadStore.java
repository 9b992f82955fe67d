package dev.berth.server.store;

import dev.berth.oci.RepositoryName;
import dev.berth.oci.UploadId;
import dev.berth.oci.UploadSession;
import dev.berth.storage.FileInfo;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageDriver.Appending;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Upload sessions: folders that hold the bytes of one upload until it is a blob. Any process on
/// the same store continues any session, this registry's or registry 2.8.2's, in turn. Into a file
/// that another Berth made none writes: it begins a segment (see [UploadFiles]). Sessions of 2.8.2
/// have one file, which all append to, so that 2.8.2 can finish them.
///
/// Sessions need not survive loss of power; what a session says it holds it does hold.
public final class UploadStore {
  private static final int MAX_TIME_BYTES = 64;

  /// A client that sends a large blob in chunks of 5 MiB to ever changing processes gets to 50 GiB.
  private static final int MAX_SEGMENTS = 10_000;

  /// How often what somebody else did in the same moment is looked at anew.
  private static final int ATTEMPTS = 3;

  /// Version 8 of RFC 9562: made by Berth. So another registry's sessions can be told from ours.
  private static final long VERSION_8 = 0x8000L;

  private static final int VERSION_AT = 14;
  private static final char BERTHS_VERSION = '8';
  private static final long VERSION_MASK = 0xF000L;
  private static final long VARIANT = 0x8000000000000000L;
  private static final long VARIANT_MASK = 0xC000000000000000L;

  private final StorageDriver driver;
  private final Clock clock;
  private final RandomGenerator random;
  private final OwnFiles own = new OwnFiles();

  UploadStore(StorageDriver driver, Clock clock, RandomGenerator random) {
    this.driver = driver;
    this.clock = clock;
    this.random = random;
  }

  /// Begins a session with no bytes.
  public UploadSession start(RepositoryName repository) {
    UploadId id = new UploadId(newUuid().toString());
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    driver.putVolatile(
        StoreLayout.uploadStartedAt(repository, id),
        now.toString().getBytes(StandardCharsets.US_ASCII));
    return new UploadSession(id, now, 0);
  }

  /// The session as it is now; empty where there is none.
  public Optional<UploadSession> find(RepositoryName repository, UploadId id) {
    UploadFiles files = UploadFiles.read(driver, repository, id);
    Optional<Instant> startedAt = startedAt(repository, id);
    return startedAt.isEmpty() && files.tail() == null
        ? Optional.empty()
        : Optional.of(new UploadSession(id, startedAt.orElse(Instant.EPOCH), files.size()));
  }

  /// Takes the session for adding bytes.
  ///
  /// @param start where the client says that they belong; empty where it does not say. Who says it
  ///   rightly goes on even while another process waits for more bytes of a client that left it
  public Taking take(RepositoryName repository, UploadId id, OptionalLong start) {
    Optional<Taking> taken = Optional.empty();
    for (int i = 0; taken.isEmpty() && i < ATTEMPTS; i++) {
      taken = tryTake(repository, id, start);
    }
    return taken.orElseGet(Taking.Busy::new);
  }

  /// Takes the session as it is, to which nothing is added any more.
  public Taking takeWhole(RepositoryName repository, UploadId id) {
    UploadFiles files = UploadFiles.read(driver, repository, id);
    return files.tail() == null
        ? take(repository, id, OptionalLong.empty())
        : new Taking.Taken(new OpenUpload(driver, repository, id, files, random.nextLong()));
  }

  /// Forgets a session and its bytes. False where there was none.
  public boolean discard(RepositoryName repository, UploadId id) {
    StoragePath folder = StoreLayout.upload(repository, id);
    own.forget(folder);
    return driver.discard(folder);
  }

  /// When bytes came last; empty where none ever did.
  Optional<Instant> lastWrite(RepositoryName repository, UploadId id) {
    return UploadFiles.read(driver, repository, id).parts().stream()
        .flatMap(part -> driver.stat(part.path()).stream())
        .map(FileInfo::modified)
        .max(Comparator.naturalOrder());
  }

  /// Empty where somebody else changed the session in this moment.
  private Optional<Taking> tryTake(RepositoryName repository, UploadId id, OptionalLong start) {
    UploadFiles files = UploadFiles.read(driver, repository, id);
    StoragePath tail = files.tail();
    if (tail == null && startedAt(repository, id).isEmpty()) {
      return Optional.of(new Taking.Unknown());
    }
    if (start.isPresent() && start.getAsLong() != files.size()) {
      return Optional.of(new Taking.Misplaced(files.size()));
    }
    if (tail == null) {
      return begin(repository, id, files, StoreLayout.uploadData(repository, id));
    }
    boolean goesOn =
        own.has(StoreLayout.upload(repository, id), tail)
            || (isOfAnother(id) && files.parts().size() == 1);
    return goesOn
        ? goOn(repository, id, files, tail)
        : beginSegment(repository, id, files, tail, start.isPresent());
  }

  private Optional<Taking> goOn(
      RepositoryName repository, UploadId id, UploadFiles files, StoragePath tail) {
    return switch (driver.append(tail)) {
      case Appending.Busy _ -> Optional.of(new Taking.Busy());
      case Appending.Missing _ -> Optional.empty();
      case Appending.Open(StorageWriter writer) when writer.size() != files.tailLength() -> {
        writer.close();
        yield Optional.empty();
      }
      case Appending.Open(StorageWriter writer) ->
          taken(repository, id, files.withoutTail(), tail, writer);
    };
  }

  private Optional<Taking> beginSegment(
      RepositoryName repository, UploadId id, UploadFiles files, StoragePath tail, boolean sure) {
    if (files.parts().size() > MAX_SEGMENTS) {
      return Optional.of(new Taking.TooManySegments(MAX_SEGMENTS));
    }
    if (!sure && isBeingWritten(tail)) {
      return Optional.of(new Taking.Busy());
    }
    StoragePath segment = StoreLayout.uploadSegment(repository, id, files.size());
    if (segment.equals(tail) && !isBeingWritten(tail)) {
      // Of a process that ended before the first byte came.
      driver.delete(tail);
    }
    return begin(repository, id, files, segment);
  }

  private Optional<Taking> begin(
      RepositoryName repository, UploadId id, UploadFiles before, StoragePath file) {
    return switch (driver.begin(file)) {
      case Appending.Busy _ -> Optional.empty();
      case Appending.Missing _ -> Optional.of(new Taking.Unknown());
      case Appending.Open(StorageWriter writer) -> {
        own.add(StoreLayout.upload(repository, id), file);
        yield taken(repository, id, before, file, writer);
      }
    };
  }

  private Optional<Taking> taken(
      RepositoryName repository,
      UploadId id,
      UploadFiles before,
      StoragePath file,
      StorageWriter writer) {
    var upload = new OpenUpload(driver, repository, id, before, random.nextLong());
    upload.writeTo(file, writer);
    return Optional.of(new Taking.Taken(upload));
  }

  private boolean isBeingWritten(StoragePath file) {
    return switch (driver.append(file)) {
      case Appending.Busy _ -> true;
      case Appending.Missing _ -> false;
      case Appending.Open(StorageWriter writer) -> {
        writer.close();
        yield false;
      }
    };
  }

  /// Whether another kind of registry began the session.
  private static boolean isOfAnother(UploadId id) {
    String value = id.value();
    return value.length() <= VERSION_AT || value.charAt(VERSION_AT) != BERTHS_VERSION;
  }

  Optional<Instant> startedAt(RepositoryName repository, UploadId id) {
    return driver
        .read(StoreLayout.uploadStartedAt(repository, id), MAX_TIME_BYTES)
        .map(bytes -> parseTime(new String(bytes, StandardCharsets.ISO_8859_1).strip()));
  }

  /// A torn `startedat` is still a session; it counts as begun long ago.
  private static Instant parseTime(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }

  private UUID newUuid() {
    long high = (random.nextLong() & ~VERSION_MASK) | VERSION_8;
    long low = (random.nextLong() & ~VARIANT_MASK) | VARIANT;
    return new UUID(high, low);
  }

  /// The answer of [#take] and [#takeWhole].
  public sealed interface Taking {
    /// The caller adds to the session until it closes the upload.
    record Taken(OpenUpload upload) implements Taking {}

    /// Somebody else is writing to it.
    record Busy() implements Taking {}

    /// The next byte belongs elsewhere: behind the `size` bytes that are there.
    record Misplaced(long size) implements Taking {}

    /// It was continued elsewhere so often that no further segment is begun.
    record TooManySegments(int most) implements Taking {}

    /// There is no such session.
    record Unknown() implements Taking {}
  }
}
