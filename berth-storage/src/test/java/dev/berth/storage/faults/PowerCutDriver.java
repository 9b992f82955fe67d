package dev.berth.storage.faults;

import dev.berth.storage.DriverTraits;
import dev.berth.storage.FileInfo;
import dev.berth.storage.Space;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageReader;
import dev.berth.storage.StorageWriter;
import dev.berth.storage.memory.MemoryDriver;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A store in memory that can lose its power. What the contract calls durable is there afterwards;
/// of the rest (volatile files, appended bytes not synced) a random part, chosen by the seed.
///
/// It keeps what callers see, and beside it what would be left.
public final class PowerCutDriver implements StorageDriver {
  private static final long CAPACITY = 1L << 30;

  /// What is known of one file that callers see.
  private static final class Entry {
    /// Where it is; null when its name is gone.
    @Nullable StoragePath path;

    /// How many of its first bytes are durable.
    long synced;

    /// Whether its name is durable.
    boolean named;
  }

  private final SplittableRandom random;
  private final MemoryDriver seen = new MemoryDriver(CAPACITY, InstantSource.system());
  private final Map<StoragePath, byte[]> left = new HashMap<>();
  private final Map<StoragePath, Entry> entries = new HashMap<>();
  private boolean off;

  /// An empty store. Prints the seed.
  public PowerCutDriver(long seed) {
    this(new SplittableRandom(seed));
    System.out.println("power cut: seed " + seed);
  }

  private PowerCutDriver(SplittableRandom random) {
    this.random = random;
  }

  /// Cuts the power: every later call of this driver fails. Gives the store as it is after the next
  /// start.
  public synchronized PowerCutDriver cut() {
    off = true;
    entries.values().forEach(this::keepSome);
    var next = new PowerCutDriver(random);
    left.forEach(next::put);
    return next;
  }

  /// The device may have written more than it had to.
  private void keepSome(Entry entry) {
    StoragePath path = entry.path;
    if (path == null || !random.nextBoolean()) {
      return;
    }
    byte[] content = content(path);
    int kept = (int) entry.synced + random.nextInt(content.length - (int) entry.synced + 1);
    left.put(path, Arrays.copyOf(content, kept));
  }

  @Override
  public DriverTraits traits() {
    return seen.traits();
  }

  @Override
  public synchronized Optional<FileInfo> stat(StoragePath path) {
    checkPower();
    return seen.stat(path);
  }

  @Override
  public synchronized Optional<byte[]> read(StoragePath path, int limit) {
    checkPower();
    return seen.read(path, limit);
  }

  @Override
  public synchronized Optional<StorageReader> open(StoragePath path) {
    checkPower();
    return seen.open(path);
  }

  @Override
  public synchronized void put(StoragePath path, byte[] content) {
    checkPower();
    seen.put(path, content);
    left.put(path, content.clone());
    replaced(path);
    entries.put(path, entry(path, content.length, true));
  }

  @Override
  public synchronized boolean create(StoragePath path, byte[] content) {
    checkPower();
    if (seen.stat(path).isPresent()) {
      return false;
    }
    put(path, content);
    return true;
  }

  @Override
  public boolean createPrivate(StoragePath path, byte[] content) {
    return create(path, content);
  }

  @Override
  public synchronized void putVolatile(StoragePath path, byte[] content) {
    checkPower();
    seen.putVolatile(path, content);
    replaced(path);
    entries.put(path, entry(path, 0, false));
  }

  @Override
  public synchronized Appending begin(StoragePath path) {
    checkPower();
    return switch (seen.begin(path)) {
      case Appending.Open open -> {
        entries.put(path, entry(path, 0, false));
        yield new Appending.Open(new Writer(open.writer(), entryAt(path)));
      }
      case Appending.Busy busy -> busy;
      case Appending.Missing missing -> missing;
    };
  }

  @Override
  public synchronized Appending append(StoragePath path) {
    checkPower();
    return switch (seen.append(path)) {
      case Appending.Open open -> new Appending.Open(new Writer(open.writer(), entryAt(path)));
      case Appending.Busy busy -> busy;
      case Appending.Missing missing -> missing;
    };
  }

  @Override
  public synchronized boolean move(StoragePath from, StoragePath to) {
    checkPower();
    if (!seen.move(from, to)) {
      return false;
    }
    if (from.equals(to)) {
      return true;
    }
    replaced(to);
    Entry entry = entryAt(from);
    entries.remove(from);
    entries.put(to, entry);
    entry.path = to;
    entry.named = true;
    left.remove(from);
    left.put(to, Arrays.copyOf(content(to), (int) entry.synced));
    return true;
  }

  @Override
  public synchronized void touch(StoragePath path) {
    seen.touch(path);
  }

  @Override
  public synchronized boolean delete(StoragePath path) {
    checkPower();
    if (!seen.delete(path)) {
      return false;
    }
    left.remove(path);
    replaced(path);
    entries.remove(path);
    return true;
  }

  @Override
  public synchronized boolean deleteTree(StoragePath path) {
    return removeTree(path, true);
  }

  /// Each file of the folder may be back.
  @Override
  public synchronized boolean discard(StoragePath folder) {
    return removeTree(folder, false);
  }

  private boolean removeTree(StoragePath path, boolean durably) {
    checkPower();
    if (!seen.deleteTree(path)) {
      return false;
    }
    String below = path.value() + "/";
    for (StoragePath file : List.copyOf(entries.keySet())) {
      if (file.value().startsWith(below)) {
        replaced(file);
        entries.remove(file);
        if (durably || random.nextBoolean()) {
          left.remove(file);
        }
      }
    }
    return true;
  }

  @Override
  public synchronized Optional<List<String>> list(StoragePath folder) {
    checkPower();
    return seen.list(folder);
  }

  @Override
  public boolean visit(StoragePath folder, Consumer<String> visitor) {
    Optional<List<String>> names = list(folder);
    names.ifPresent(found -> found.forEach(visitor));
    return names.isPresent();
  }

  @Override
  public synchronized boolean sync(StoragePath path) {
    checkPower();
    if (!seen.sync(path)) {
      return false;
    }
    byte[] content = content(path);
    Entry entry = entryAt(path);
    entry.named = true;
    entry.synced = content.length;
    left.put(path, content);
    return true;
  }

  @Override
  public Lock lock(StoragePath path) {
    return seen.lock(path);
  }

  @Override
  public Space space() {
    return seen.space();
  }

  @Override
  public void close() {
    seen.close();
  }

  private void checkPower() {
    if (off) {
      throw new StorageException.Broken("planted: the power is off", null);
    }
  }

  private void replaced(StoragePath path) {
    Entry before = entries.get(path);
    if (before != null) {
      before.path = null;
    }
  }

  private Entry entryAt(StoragePath path) {
    Entry entry = entries.get(path);
    if (entry == null) {
      throw new IllegalStateException("a file without entry: " + path);
    }
    return entry;
  }

  private byte[] content(StoragePath path) {
    return seen.read(path, Integer.MAX_VALUE).orElseThrow();
  }

  private static Entry entry(StoragePath path, long synced, boolean named) {
    var entry = new Entry();
    entry.path = path;
    entry.synced = synced;
    entry.named = named;
    return entry;
  }

  /// Appends to a file wherever that file is moved meanwhile.
  private final class Writer implements StorageWriter {
    private final StorageWriter writer;
    private final Entry entry;

    Writer(StorageWriter writer, Entry entry) {
      this.writer = writer;
      this.entry = entry;
    }

    @Override
    public long size() {
      return writer.size();
    }

    @Override
    public void write(ByteBuffer source) {
      synchronized (PowerCutDriver.this) {
        checkPower();
        writer.write(source);
      }
    }

    @Override
    public int read(ByteBuffer target, long position) {
      return writer.read(target, position);
    }

    @Override
    public void truncate(long size) {
      synchronized (PowerCutDriver.this) {
        checkPower();
        writer.truncate(size);
        entry.synced = Math.min(entry.synced, size);
      }
    }

    @Override
    public void sync() {
      synchronized (PowerCutDriver.this) {
        checkPower();
        entry.synced = writer.size();
        StoragePath path = entry.path;
        if (path != null && entry.named) {
          left.put(path, content(path));
        }
      }
    }

    @Override
    public void close() {
      writer.close();
    }
  }
}
