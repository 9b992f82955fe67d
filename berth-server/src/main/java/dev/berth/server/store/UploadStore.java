package dev.berth.server.store;

import dev.berth.oci.RepositoryName;
import dev.berth.oci.UploadId;
import dev.berth.oci.UploadSession;
import dev.berth.storage.FileInfo;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageDriver.Appending;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Upload sessions: folders that hold the bytes of one upload until it is a blob. Any process on
/// the same store continues any session, this registry's or registry 2.8.2's, one at a time.
/// Sessions need not survive loss of power; what a session says it holds it does hold.
public final class UploadStore {
  private static final int MAX_TIME_BYTES = 64;

  /// Version 8 of RFC 9562: made by Berth. So another registry's sessions can be told from ours.
  private static final long VERSION_8 = 0x8000L;

  private static final long VERSION_MASK = 0xF000L;
  private static final long VARIANT = 0x8000000000000000L;
  private static final long VARIANT_MASK = 0xC000000000000000L;

  private final StorageDriver driver;
  private final Clock clock;
  private final RandomGenerator random;

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
    driver.putVolatile(StoreLayout.uploadData(repository, id), new byte[0]);
    return new UploadSession(id, now, 0);
  }

  /// The session as it is now; empty where there is none.
  public Optional<UploadSession> find(RepositoryName repository, UploadId id) {
    long size = driver.stat(StoreLayout.uploadData(repository, id)).map(FileInfo::size).orElse(-1L);
    Optional<Instant> startedAt = startedAt(repository, id);
    return startedAt.isEmpty() && size < 0
        ? Optional.empty()
        : Optional.of(new UploadSession(id, startedAt.orElse(Instant.EPOCH), Math.max(0, size)));
  }

  /// Takes the session for writing.
  public Taking take(RepositoryName repository, UploadId id) {
    Optional<Taking> taken = tryTake(repository, id);
    if (taken.isPresent()) {
      return taken.get();
    }
    if (startedAt(repository, id).isEmpty()) {
      return new Taking.Unknown();
    }
    // Begun by a registry that makes `data` only when bytes come.
    driver.create(StoreLayout.uploadData(repository, id), new byte[0]);
    return tryTake(repository, id).orElseGet(Taking.Unknown::new);
  }

  /// Forgets a session and its bytes. False where there was none.
  public boolean discard(RepositoryName repository, UploadId id) {
    return driver.discard(StoreLayout.upload(repository, id));
  }

  private Optional<Taking> tryTake(RepositoryName repository, UploadId id) {
    return switch (driver.append(StoreLayout.uploadData(repository, id))) {
      case Appending.Open open ->
          Optional.of(new Taking.Taken(new OpenUpload(driver, repository, id, open.writer())));
      case Appending.Busy _ -> Optional.of(new Taking.Busy());
      case Appending.Missing _ -> Optional.empty();
    };
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

  /// The answer of [#take].
  public sealed interface Taking {
    /// The caller is the only writer until it closes the upload.
    record Taken(OpenUpload upload) implements Taking {}

    /// Somebody else is writing to it.
    record Busy() implements Taking {}

    /// There is no such session.
    record Unknown() implements Taking {}
  }
}
