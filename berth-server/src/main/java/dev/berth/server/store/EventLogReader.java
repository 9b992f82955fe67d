package dev.berth.server.store;

import dev.berth.server.store.EventLog.Entry;
import dev.berth.server.store.EventLog.Position;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageException;
import dev.berth.storage.StorageReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Reads the segments of an [EventLog], piece by piece. For one thread.
final class EventLogReader {
  private static final int PIECE = 64 << 10;

  /// Larger than any record that is written; a line that is longer is damaged.
  private static final int MAX_LINE = 4 << 20;

  private final StorageDriver driver;
  private final String replica;
  private final String queue;
  private final AtomicLong damaged = new AtomicLong();
  private Position counted = Position.START;

  private long segment = -1;
  private long start;
  private byte[] piece = new byte[0];

  EventLogReader(StorageDriver driver, String replica, String queue) {
    this.driver = driver;
    this.replica = replica;
    this.queue = queue;
  }

  long damaged() {
    return damaged.get();
  }

  /// The first whole record of a segment at or behind `from` and before `limit`.
  Optional<Entry> next(Position from, long limit) {
    long at = from.offset();
    while (at < limit) {
      byte[] line = line(from.segment(), at, limit);
      if (line == null) {
        count(new Position(from.segment(), at));
        return Optional.empty();
      }
      at += line.length + 1;
      byte[] record = EventLine.read(line);
      if (record != null) {
        return Optional.of(new Entry(record, new Position(from.segment(), at)));
      }
      count(new Position(from.segment(), at));
    }
    return Optional.empty();
  }

  /// Each damaged place once, however often it is passed.
  private void count(Position at) {
    if (!at.equals(counted)) {
      counted = at;
      damaged.incrementAndGet();
    }
  }

  /// The line at `at` without its newline; null where there is no newline before `limit`.
  private byte @Nullable [] line(long number, long at, long limit) {
    int size = PIECE;
    while (true) {
      int from = held(number, at, limit, size);
      for (int i = from; i < piece.length; i++) {
        if (piece[i] == '\n') {
          return Arrays.copyOfRange(piece, from, i);
        }
      }
      long seen = at + piece.length - from;
      if (seen >= limit || size > MAX_LINE) {
        return null;
      }
      size *= 2;
      piece = new byte[0];
    }
  }

  /// Where in the piece the byte at `at` is, after reading what is missing.
  private int held(long number, long at, long limit, int size) {
    boolean inside = segment == number && at >= start && at < start + piece.length;
    if (!inside || hasNoNewline((int) (at - start))) {
      load(number, at, (int) Math.min(size, limit - at));
    }
    return (int) (at - start);
  }

  private boolean hasNoNewline(int from) {
    for (int i = from; i < piece.length; i++) {
      if (piece[i] == '\n') {
        return false;
      }
    }
    return true;
  }

  /// Opens the file each time: of some stores, what is open does not grow.
  private void load(long number, long at, int size) {
    ByteBuffer buffer = ByteBuffer.allocate(size);
    Optional<StorageReader> opened = driver.open(StoreLayout.eventSegment(replica, queue, number));
    if (opened.isPresent()) {
      try (StorageReader file = opened.get()) {
        boolean more = true;
        while (more && buffer.hasRemaining()) {
          more = file.read(buffer, at + buffer.position()) >= 0;
        }
      } catch (IOException e) {
        throw new StorageException.Broken("cannot read events of " + replica, e);
      }
    }
    piece = Arrays.copyOf(buffer.array(), buffer.position());
    segment = number;
    start = at;
  }
}
