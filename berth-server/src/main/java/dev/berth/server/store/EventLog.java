package dev.berth.server.store;

import dev.berth.storage.FileInfo;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageDriver.Appending;
import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// A queue of records on the store, in files (segments) of lines; see `docs/storage-format.md`. One
/// thread appends and another reads at the same time.
///
/// What was appended survives the end of the process, and loss of power once [#sync] was called
/// after it. A record that a crash cut short is passed over.
public final class EventLog {
  private static final int MAX_POSITION_BYTES = 64;

  private final StorageDriver driver;
  private final String replica;
  private final String queue;
  private final long segmentBytes;

  /// The bytes of each segment that there is.
  private final NavigableMap<Long, Long> sizes = new ConcurrentSkipListMap<>();

  private final EventLogReader reader;
  private @Nullable StorageWriter writer;
  private volatile Position end = Position.START;

  /// Held while a segment is synced; none is left before that is done.
  private final Object syncing = new Object();

  private volatile boolean unsynced;

  private EventLog(StorageDriver driver, String replica, String queue, long segmentBytes) {
    this.driver = driver;
    this.replica = replica;
    this.queue = queue;
    this.segmentBytes = segmentBytes;
    this.reader = new EventLogReader(driver, replica, queue);
  }

  static EventLog open(StorageDriver driver, String replica, String queue, long segmentBytes) {
    EventLog log = new EventLog(driver, replica, queue, segmentBytes);
    log.findSegments();
    return log;
  }

  /// A place between two records.
  public record Position(long segment, long offset) {
    public static final Position START = new Position(0, 0);
  }

  /// A record, and the place behind it.
  public record Entry(byte[] record, Position after) {}

  /// Bytes that the queue takes on the store.
  public long bytes() {
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  /// Behind the last record.
  public Position end() {
    return end;
  }

  /// Appends records in order. When this returns they survive the end of the process.
  ///
  /// @throws StorageException none of them counts as appended, though one of a former call may show
  ///   twice
  public void append(List<byte[]> records) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    records.forEach(record -> EventLine.write(lines, record));
    StorageWriter open = writer == null || writer.size() >= segmentBytes ? roll() : writer;
    long before = open.size();
    try {
      open.write(ByteBuffer.wrap(lines.toByteArray()));
    } catch (StorageException e) {
      abandon(open, before);
      throw e;
    }
    sizes.put(end.segment(), open.size());
    unsynced = true;
    end = new Position(end.segment(), open.size());
  }

  /// Makes what was appended survive loss of power. May be called beside [#append].
  ///
  /// @throws StorageException it may not survive; the next call tries again
  public void sync() {
    synchronized (syncing) {
      if (unsynced) {
        long segment = end.segment();
        unsynced = false;
        try {
          driver.sync(path(segment));
        } catch (StorageException e) {
          unsynced = true;
          throw e;
        }
      }
    }
  }

  /// The first whole record at or behind `from`; empty at the end.
  public Optional<Entry> next(Position from) {
    Position at = from;
    while (true) {
      Position last = end;
      boolean inLast = at.segment() >= last.segment();
      long limit = inLast ? last.offset() : sizes.getOrDefault(at.segment(), 0L);
      Optional<Entry> found = reader.next(at, limit);
      Long following = found.isPresent() || inLast ? null : sizes.higherKey(at.segment());
      if (following == null) {
        return found;
      }
      at = new Position(following, 0);
    }
  }

  /// Records that were cut short or damaged, and so passed over.
  public long damaged() {
    return reader.damaged();
  }

  /// Where the reader stood when it last said so; the beginning where that is not known.
  public Position savedPosition() {
    Position first = sizes.isEmpty() ? end : new Position(sizes.firstKey(), 0);
    Optional<Position> saved =
        driver
            .read(StoreLayout.eventPosition(replica, queue), MAX_POSITION_BYTES)
            .flatMap(EventLog::parse);
    return saved.filter(at -> at.offset() <= sizes.getOrDefault(at.segment(), -1L)).orElse(first);
  }

  /// Notes where the reader stands, for whoever goes on after this process. Not durable: after loss
  /// of power some records are read twice.
  public void savePosition(Position at) {
    driver.putVolatile(
        StoreLayout.eventPosition(replica, queue),
        (at.segment() + " " + at.offset()).getBytes(StandardCharsets.US_ASCII));
  }

  /// Removes the segments before that of `at`, which nobody reads any more.
  public void forgetBefore(Position at) {
    for (Long segment : sizes.headMap(at.segment()).keySet()) {
      driver.delete(path(segment));
      sizes.remove(segment);
    }
  }

  /// Removes everything. The log cannot be used any more.
  public void remove() {
    close();
    driver.delete(StoreLayout.eventPosition(replica, queue));
    for (Long segment : sizes.keySet()) {
      driver.delete(path(segment));
    }
    sizes.clear();
  }

  /// Ends appending and reading; what is there stays.
  public void close() {
    if (writer != null) {
      writer.close();
      writer = null;
    }
  }

  private StorageWriter roll() {
    // Later calls look at the new segment only; also after a failed write, where none is open.
    sync();
    if (writer != null) {
      writer.close();
      writer = null;
    }
    long number = end.segment() + 1;
    driver.create(path(number), new byte[0]);
    if (!(driver.append(path(number)) instanceof Appending.Open(StorageWriter opened))) {
      throw new StorageException.Unavailable("cannot append to " + path(number), null);
    }
    writer = opened;
    sizes.put(number, opened.size());
    end = new Position(number, opened.size());
    return opened;
  }

  /// After a failed write, which may have left a part: what comes goes to a new segment.
  private void abandon(StorageWriter failed, long size) {
    writer = null;
    try (failed) {
      failed.truncate(Math.min(size, failed.size()));
    } catch (StorageException e) {
      // The part has no newline, or is a whole record, or fails its check.
    }
  }

  private void findSegments() {
    String prefix = queue + ".";
    for (String name : driver.list(StoreLayout.eventReplica(replica)).orElse(List.of())) {
      if (name.startsWith(prefix) && name.substring(prefix.length()).matches("[0-9]{1,18}")) {
        long number = Long.parseLong(name.substring(prefix.length()));
        long size = driver.stat(path(number)).map(FileInfo::size).orElse(0L);
        sizes.put(number, size);
      }
    }
    Map.Entry<Long, Long> last = sizes.lastEntry();
    if (last != null) {
      end = new Position(last.getKey(), last.getValue());
    }
  }

  private StoragePath path(long segment) {
    return StoreLayout.eventSegment(replica, queue, segment);
  }

  private static Optional<Position> parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.US_ASCII).strip();
    return text.matches("[0-9]{1,18} [0-9]{1,18}")
        ? Optional.of(
            new Position(
                Long.parseLong(text.substring(0, text.indexOf(' '))),
                Long.parseLong(text.substring(text.indexOf(' ') + 1))))
        : Optional.empty();
  }
}
