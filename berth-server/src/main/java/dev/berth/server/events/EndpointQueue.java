package dev.berth.server.events;

import dev.berth.server.store.EventLog;
import dev.berth.server.store.EventLog.Entry;
import dev.berth.server.store.EventLog.Position;
import dev.berth.storage.StorageException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What waits for one endpoint, in order: first queues taken over from processes that died, then
/// this process's own on the store, then what is in memory.
///
/// Events come in through memory and go to the store together: whoever must know that its event is
/// there writes what has gathered by then. Where the store cannot be written, events stay in memory
/// and are delivered from there.
final class EndpointQueue {
  private static final System.Logger LOG = System.getLogger(EndpointQueue.class.getName());

  /// A push waits no longer for the store's sake; a store that takes longer hangs.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /// An event that takes more of the queue than this is dropped.
  private static final int LARGEST_SHARE = 4;

  private final String title;
  private final EventFormat format;
  private final EndpointMeter meter;
  private final long mostBytes;
  private final long mostMemory;
  private final long segmentBytes;

  private final Queue<Event> fresh = new ConcurrentLinkedQueue<>();
  private final AtomicLong memory = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private final Supplier<@Nullable EventLog> opener;
  private final Deque<Inheritance> inherited = new ConcurrentLinkedDeque<>();
  private volatile @Nullable EventLog own;

  // Under the lock.
  private final Deque<Encoded> unwritten = new ArrayDeque<>();
  private boolean failing;
  private boolean closed;

  /// One that is on the store nowhere is being delivered.
  private volatile boolean inHand;

  // Written by the thread that delivers.
  private volatile Position position = Position.START;
  private volatile boolean moved;

  /// @param opener opens the queue on the store; null where there is none (yet)
  EndpointQueue(
      String title,
      EventFormat format,
      EndpointMeter meter,
      QueueLimits limits,
      Supplier<@Nullable EventLog> opener) {
    this.title = title;
    this.format = format;
    this.meter = meter;
    this.mostBytes = limits.queueBytes();
    this.mostMemory = limits.memoryBytes();
    this.segmentBytes = limits.segmentBytes();
    this.opener = opener;
  }

  /// An event as it goes to the store.
  private record Encoded(byte[] json, int weight) {}

  /// A queue of a process that died, and what is to be run when it is delivered.
  private static final class Inheritance {
    final EventLog log;
    final Runnable done;
    volatile Position position;
    private boolean ended;

    Inheritance(EventLog log, Runnable done) {
      this.log = log;
      this.done = done;
      this.position = log.savedPosition();
    }

    synchronized void savePosition() {
      if (!ended) {
        log.savePosition(position);
      }
    }

    /// From now on nothing is written there: the folder may go.
    synchronized void end() {
      ended = true;
      log.remove();
    }
  }

  /// What is next for the endpoint.
  ///
  /// @param source where it is from; null for memory
  record Item(byte[] json, @Nullable EventLog source, Position after) {}

  /// Takes an event. When this returns and `kept` is set, it survives the end of the process, or
  /// the store cannot be written.
  void add(Event event, boolean kept) {
    meter.events.increment();
    int weight = event.weight();
    if (memory.addAndGet(weight) > mostMemory) {
      memory.addAndGet(-weight);
      meter.drop(1);
      return;
    }
    fresh.add(event);
    if (kept) {
      flush(PATIENCE);
    }
  }

  /// Writes what has gathered in memory, unless another holds the queue all that time.
  void flush(Duration patience) {
    try {
      if (!lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      if (!closed) {
        write();
      }
    } finally {
      lock.unlock();
    }
  }

  private void write() {
    for (Event event = fresh.poll(); event != null; event = fresh.poll()) {
      encode(event);
    }
    if (unwritten.isEmpty()) {
      return;
    }
    try {
      EventLog log = own == null ? opener.get() : own;
      own = log;
      while (log != null && !unwritten.isEmpty() && log.bytes() < mostBytes + segmentBytes) {
        append(log);
      }
    } catch (StorageException e) {
      failed(e);
    }
    changed.signalAll();
  }

  private void encode(Event event) {
    byte[] json = format.write(event);
    if (json.length > mostBytes / LARGEST_SHARE) {
      memory.addAndGet(-event.weight());
      meter.drop(1);
    } else {
      unwritten.add(new Encoded(json, event.weight()));
    }
  }

  /// Appends as much as belongs into one file, so that no file grows out of its bound.
  private void append(EventLog log) {
    List<byte[]> records = new ArrayList<>();
    int weight = 0;
    long bytes = 0;
    for (Encoded encoded : unwritten) {
      if (bytes >= segmentBytes) {
        break;
      }
      records.add(encoded.json());
      bytes += encoded.json().length;
      weight += encoded.weight();
    }
    log.append(records);
    records.forEach(_ -> unwritten.remove());
    memory.addAndGet(-weight);
    recovered();
  }

  private void failed(StorageException e) {
    if (!failing) {
      failing = true;
      LOG.log(
          Level.WARNING,
          "events for "
              + title
              + " are kept in memory, and lost if this process ends, until the store can be written: "
              + e.getMessage());
    }
  }

  private void recovered() {
    if (failing) {
      failing = false;
      LOG.log(Level.INFO, "events for " + title + " are kept on the store again");
    }
  }

  /// Takes over the queue of a process that died.
  void inherit(EventLog log, Runnable done) {
    lock.lock();
    try {
      inherited.add(new Inheritance(log, done));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for what is next; empty when the queue is closed.
  Optional<Item> next() throws InterruptedException {
    while (true) {
      Optional<Item> stored = stored();
      if (stored.isPresent()) {
        return stored;
      }
      lock.lockInterruptibly();
      try {
        if (closed) {
          return Optional.empty();
        }
        boolean more = !inherited.isEmpty() || (own != null && !own.end().equals(position));
        Encoded encoded = more || !inMemoryOnly() ? null : unwritten.poll();
        if (encoded != null) {
          memory.addAndGet(-encoded.weight());
          inHand = true;
          return Optional.of(new Item(encoded.json(), null, position));
        }
        if (!more) {
          changed.await(1, TimeUnit.SECONDS);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /// Whether what is in memory does not go to the store now.
  private boolean inMemoryOnly() {
    return own == null || failing;
  }

  private Optional<Item> stored() {
    while (!inherited.isEmpty()) {
      Inheritance first = inherited.getFirst();
      Optional<Entry> entry = first.log.next(first.position);
      if (entry.isPresent()) {
        return entry.map(e -> new Item(e.record(), first.log, e.after()));
      }
      endInheritance(first);
    }
    EventLog log = own;
    if (log == null) {
      return Optional.empty();
    }
    Position end = log.end();
    Optional<Entry> entry = log.next(position);
    if (entry.isEmpty() && !end.equals(position)) {
      // Nothing but what a failed write left lies before the end.
      moveTo(log, end);
    }
    return entry.map(e -> new Item(e.record(), log, e.after()));
  }

  private void moveTo(EventLog log, Position after) {
    boolean leaves = after.segment() > position.segment();
    position = after;
    moved = true;
    if (leaves) {
      log.forgetBefore(after);
    }
  }

  /// What `item` was is settled: delivered, or a dead letter.
  void settled(Item item) {
    EventLog source = item.source();
    if (source == null) {
      inHand = false;
      return;
    }
    if (source == own) {
      moveTo(source, item.after());
      return;
    }
    Inheritance first = inherited.peek();
    if (first != null && first.log == source) {
      meter.tookOver();
      first.position = item.after();
      source.forgetBefore(first.position);
      moved = true;
    }
  }

  /// The records of the oldest segment that nobody has delivered, if the queue holds more than it
  /// may; they count as settled with the last.
  List<Item> overflow() {
    EventLog log = own;
    List<Item> oldest = new ArrayList<>();
    if (log == null || log.bytes() <= mostBytes) {
      return oldest;
    }
    Optional<Entry> entry = log.next(position);
    long segment = entry.map(e -> e.after().segment()).orElse(-1L);
    while (entry.isPresent()
        && entry.get().after().segment() == segment
        && segment < log.end().segment()) {
      oldest.add(new Item(entry.get().record(), log, entry.get().after()));
      entry = log.next(entry.get().after());
    }
    return oldest;
  }

  /// Work of now and then: writes what has gathered, makes it durable, and notes how far the
  /// endpoint is.
  void tick() {
    flush(Duration.ZERO);
    EventLog log = own;
    if (log != null) {
      log.sync();
    }
    if (moved) {
      moved = false;
      savePosition();
    }
  }

  private void savePosition() {
    EventLog log = own;
    if (log != null && position.segment() > 0) {
      log.savePosition(position);
    }
    Inheritance first = inherited.peek();
    if (first != null) {
      first.savePosition();
    }
  }

  /// Ends it: writes what is in memory, and wakes whoever waits.
  void close() {
    flush(PATIENCE);
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Events that are lost once it is closed and nobody delivers any more: they could not be
  /// written.
  int lost() {
    lock.lock();
    try {
      return unwritten.size() + (inHand ? 1 : 0);
    } finally {
      lock.unlock();
    }
  }

  /// Leaves the store, once nobody delivers any more: what was delivered in full is removed.
  void leave() {
    savePosition();
    inherited.forEach(left -> left.log.close());
    EventLog log = own;
    if (log != null && log.next(position).isEmpty()) {
      log.remove();
    } else if (log != null) {
      log.close();
    }
  }

  private void endInheritance(Inheritance first) {
    meter.damaged.add(first.log.damaged());
    first.end();
    inherited.remove(first);
    first.done.run();
  }
}
