package dev.berth.server.redis;

import dev.berth.config.RedisConfig;
import dev.berth.server.redis.RedisServers.Connected;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What can be asked of Redis. Nothing here fails: where Redis is away, slow or refuses, the answer
/// is that nothing is known, nobody waits longer than the read timeout for it, and for a while
/// nobody waits at all. Connections are made, and made again, in the background. Safe for use by
/// many threads.
public final class Redis implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Redis.class.getName());

  /// After a failure: how long nobody asks.
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /// A connection on which nothing was answered for so long is given up.
  private static final Duration HUNG = Duration.ofSeconds(5);

  /// Threads that may wait for Redis at once: others are there for the store.
  private static final int MOST_WAITING = 16;

  private static final int MOST_CAUSES = 10;

  /// What a Redis says that is full, cannot save, lacks replicas, or whose user may not.
  private static final List<String> REFUSALS = List.of("OOM", "MISCONF", "NOREPLICAS", "NOPERM");

  /// Bytes on their way to Redis.
  private static final long MOST_PENDING_BYTES = 4 << 20;

  private final RedisServers servers;
  private final Duration readTimeout;
  private final Semaphore waiting = new Semaphore(MOST_WAITING);
  private final AtomicLong pending = new AtomicLong();
  private final AtomicLong pendingBytes = new AtomicLong();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final LongAdder passedOver = new LongAdder();
  private volatile @Nullable Connected connected;
  private volatile boolean connecting;
  private volatile boolean closed;
  private volatile long answeredAt = System.nanoTime();
  private volatile long pauseUntil = System.nanoTime();
  private volatile boolean well = true;

  /// Redis answers, but has refused the last write.
  private volatile boolean refusing;

  /// Numbers since the start.
  ///
  /// @param passedOver questions that were not asked, as Redis is away or too many wait for it
  public record Counts(long hits, long misses, long errors, long passedOver) {}

  private Redis(RedisServers servers, Duration readTimeout) {
    this.servers = servers;
    this.readTimeout = readTimeout;
  }

  /// Begins to connect; does not wait for it.
  ///
  /// @throws IOException a file that the configuration names cannot be read
  public static Redis start(RedisConfig config) throws IOException {
    var redis = new Redis(new RedisServers(config), config.readTimeout());
    redis.connect();
    return redis;
  }

  public Counts counts() {
    return new Counts(hits.sum(), misses.sum(), errors.sum(), passedOver.sum());
  }

  /// Whether the last that was asked was answered.
  public boolean isUp() {
    return connected != null && well;
  }

  /// Work of now and then: connects where nothing is connected.
  public void tick() {
    Connected now = connected;
    if (now == null) {
      connect();
    } else if (pending.get() > 0 && System.nanoTime() - answeredAt > HUNG.toNanos()) {
      failed("it does not answer");
      giveUp(now);
    } else if (pending.get() == 0) {
      // So that it is known, though nobody asks.
      Object _ = tell(now, false, RedisClusterAsyncCommands::ping);
    }
  }

  /// The first bytes of a key's value; empty where there are none, or nobody can say.
  ///
  /// @param most that is asked for: whoever can write to Redis chooses how long a value is
  Optional<byte[]> get(String key, int most) {
    return ask(
            false,
            commands ->
                commands
                    .getrange(bytes(key), 0, most - 1L)
                    .whenComplete((value, failure) -> count(value, failure)))
        .filter(value -> value.length > 0);
  }

  /// Sets a key, soon or never.
  void set(String key, byte[] value, Duration life) {
    Connected now = usable();
    if (now == null || pendingBytes.get() + value.length > MOST_PENDING_BYTES) {
      return;
    }
    pendingBytes.addAndGet(value.length);
    tell(now, true, commands -> commands.set(bytes(key), value, SetArgs.Builder.ex(life)))
        .whenComplete((_, _) -> pendingBytes.addAndGet(-value.length));
  }

  /// Runs a command whose answer says nothing.
  ///
  /// @return whether it was carried out
  boolean run(Function<RedisClusterAsyncCommands<byte[], byte[]>, CompletionStage<Long>> command) {
    return ask(true, command).isPresent();
  }

  private void count(byte @Nullable [] value, @Nullable Throwable failure) {
    if (failure == null) {
      (value == null || value.length == 0 ? misses : hits).increment();
    }
  }

  static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  private <T> Optional<T> ask(
      boolean writes,
      Function<RedisClusterAsyncCommands<byte[], byte[]>, CompletionStage<T>> question) {
    Connected now = usable();
    if (now == null || !waiting.tryAcquire()) {
      passedOver.increment();
      return Optional.empty();
    }
    try {
      Future<T> answer = tell(now, writes, question).toCompletableFuture();
      return Optional.ofNullable(answer.get(readTimeout.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      failed("no answer within redis.readtimeout");
    } catch (ExecutionException e) {
      // Counted and told of where it completed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiting.release();
    }
    return Optional.empty();
  }

  private <T> CompletionStage<T> tell(
      Connected now,
      boolean writes,
      Function<RedisClusterAsyncCommands<byte[], byte[]>, CompletionStage<T>> what) {
    if (pending.getAndIncrement() == 0) {
      answeredAt = System.nanoTime();
    }
    CompletionStage<T> answer;
    try {
      answer = what.apply(now.commands());
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedStage(e);
    }
    return answer.whenComplete((_, failure) -> completed(now, writes, failure));
  }

  private void completed(Connected on, boolean writes, @Nullable Throwable failure) {
    pending.decrementAndGet();
    if (failure == null) {
      answeredAt = System.nanoTime();
      if (writes && refusing) {
        refusing = false;
        LOG.log(Level.INFO, "Redis takes writes again redis={0}", servers.where());
      }
      if (!well) {
        well = true;
        LOG.log(Level.INFO, "Redis answers again redis={0}", servers.where());
      }
      return;
    }
    String why = reason(failure);
    if (why.startsWith("WRONGTYPE")) {
      // Redis is well, its entry is not.
      errors.increment();
      return;
    }
    if (REFUSALS.stream().anyMatch(why::startsWith)) {
      // It is well, and what it holds may be read.
      refused(why);
      return;
    }
    failed(why);
    if (why.startsWith("READONLY") || why.startsWith("NOAUTH") || why.startsWith("LOADING")) {
      // Another is the master now, or will ask for the password.
      giveUp(on);
    }
  }

  /// What may be asked now.
  private @Nullable Connected usable() {
    Connected now = connected;
    return now == null || System.nanoTime() - pauseUntil < 0 ? null : now;
  }

  private void failed(String why) {
    errors.increment();
    pauseUntil = System.nanoTime() + PAUSE.toNanos();
    if (well && !closed) {
      well = false;
      LOG.log(
          Level.WARNING,
          "Redis cannot be used, the store is asked instead redis={0}: {1}",
          servers.where(),
          why);
    }
  }

  private void refused(String why) {
    errors.increment();
    answeredAt = System.nanoTime();
    if (!refusing && !closed) {
      refusing = true;
      LOG.log(
          Level.WARNING,
          "Redis takes no writes, what it holds is read all the same redis={0}: {1}",
          servers.where(),
          why);
    }
  }

  private void connect() {
    synchronized (this) {
      if (connecting || closed) {
        return;
      }
      connecting = true;
    }
    CompletionStage<Connected> attempt;
    try {
      attempt = servers.connect();
    } catch (RuntimeException e) {
      attempt = CompletableFuture.failedStage(e);
    }
    attempt.whenComplete(
        (made, failure) -> {
          connecting = false;
          if (failure != null) {
            failed(reason(failure));
          } else if (closed) {
            Object _ = made.connection().closeAsync();
          } else {
            connected = made;
            well = true;
            LOG.log(Level.INFO, "connected to Redis redis={0}", servers.where());
          }
        });
  }

  private void giveUp(Connected old) {
    synchronized (this) {
      if (!old.equals(connected)) {
        return;
      }
      connected = null;
    }
    Object _ = old.connection().closeAsync();
  }

  /// The innermost message: the outer ones say that something failed.
  static String reason(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; cause.getCause() != null && i < MOST_CAUSES; i++) {
      cause = cause.getCause();
    }
    String message =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return message.startsWith("WRONGPASS") || message.startsWith("NOAUTH")
        ? message + " (look at redis.username and redis.password)"
        : message;
  }

  @Override
  public void close() {
    closed = true;
    servers.close();
  }
}
