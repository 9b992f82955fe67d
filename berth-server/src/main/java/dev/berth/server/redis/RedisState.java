package dev.berth.server.redis;

import dev.berth.config.RedisConfig;
import dev.berth.server.redis.RedisServers.Connected;
import io.lettuce.core.SetArgs;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What a Redis says of itself, asked once.
///
/// @param where its addresses
/// @param info the lines of `INFO`, by their names
/// @param refusal what it answered to a write; empty where it took it
public record RedisState(String where, Map<String, String> info, String refusal) {
  private static final String KEY = "berth:1:doctor";
  private static final Duration LIFE = Duration.ofSeconds(10);

  public RedisState {
    info = Map.copyOf(info);
  }

  /// Connects, asks, writes one key and removes it.
  ///
  /// @param patience for each of the four
  /// @throws IOException it cannot be reached, or does not let us in; the message says why
  public static RedisState ask(RedisConfig config, Duration patience) throws IOException {
    try (RedisServers servers = new RedisServers(config)) {
      Connected connected = get(servers.connect(), patience, servers.where());
      try {
        return new RedisState(
            servers.where(),
            info(connected, patience, servers.where()),
            write(connected, patience, servers.where()));
      } finally {
        Object _ = connected.connection().closeAsync();
      }
    }
  }

  /// Nothing, where the user may not ask.
  private static Map<String, String> info(Connected connected, Duration patience, String where)
      throws IOException {
    try {
      return lines(get(connected.commands().info(), patience, where));
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("NOPERM")) {
        return Map.of();
      }
      throw e;
    }
  }

  private static String write(Connected connected, Duration patience, String where) {
    byte[] key = Redis.bytes(KEY);
    try {
      Object _ = get(connected.commands().set(key, key, SetArgs.Builder.ex(LIFE)), patience, where);
      Object _ = get(connected.commands().del(key), patience, where);
      return "";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static <T> T get(CompletionStage<T> answer, Duration patience, String where)
      throws IOException {
    try {
      return answer.toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(where + ": " + Redis.reason(e), e);
    } catch (TimeoutException e) {
      throw new IOException(where + ": no answer within " + patience.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(where + ": interrupted", e);
    }
  }

  private static Map<String, String> lines(String info) {
    Map<String, String> lines = new HashMap<>();
    for (String line : info.lines().toList()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        lines.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return lines;
  }

  /// What `INFO` says under a name; empty where it says nothing.
  public String get(String name) {
    return info.getOrDefault(name, "");
  }
}
