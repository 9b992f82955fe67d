package dev.berth.server.doctor;

import dev.berth.config.RedisConfig;
import dev.berth.server.redis.RedisState;
import java.io.IOException;
import java.time.Duration;

/// The Redis that replicas share.
final class RedisCheck implements Check {
  /// Four questions, and none of them may hold up the doctor.
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private static final String ADVICE =
      "redis-cli CONFIG SET maxmemory 256mb and CONFIG SET maxmemory-policy allkeys-lru (and in"
          + " redis.conf): it is only a cache";

  private final RedisConfig config;

  RedisCheck(RedisConfig config) {
    this.config = config;
  }

  @Override
  public void look(Findings findings) {
    try {
      look(RedisState.ask(config, PATIENCE), findings);
    } catch (IOException e) {
      findings.fail(
          "Redis cannot be used, the store is asked instead: " + Reason.of(e),
          "look at redis.addr, redis.username, redis.password and redis.tls, at the server, and at"
              + " NetworkPolicies between them");
    }
  }

  static void look(RedisState redis, Findings findings) {
    findings.ok(redis.where() + ": Redis " + redis.get("redis_version") + " answers");
    memory(redis, findings);
    if (redis.get("role").equals("slave")) {
      findings.fail(
          redis.where() + " is a replica, which takes no writes",
          "name the master in redis.addr, or sentinels and redis.mastername");
    } else if (!redis.refusal().isEmpty()) {
      findings.fail(
          "a write was refused: " + redis.refusal(),
          redis.refusal().contains("OOM")
              ? ADVICE
              : "give the user the right to SET, GETRANGE, SREM and DEL of keys, and see to what"
                  + " Redis says");
    } else {
      findings.ok("takes writes");
    }
    if (redis.get("aof_enabled").equals("1")) {
      findings.note(
          "Redis writes each change to its disk (appendonly): not needed for a cache, appendonly no"
              + " is faster");
    }
    if (redis.get("rdb_last_bgsave_status").equals("err")) {
      findings.warn(
          "Redis could not save to its disk, after which it may refuse writes",
          "turn saving off: CONFIG SET save \"\"; a cache needs none");
    }
  }

  private static void memory(RedisState redis, Findings findings) {
    String policy = redis.get("maxmemory_policy");
    boolean bounded = !redis.get("maxmemory").equals("0") && !redis.get("maxmemory").isEmpty();
    if (policy.isEmpty()) {
      findings.skip("maxmemory: INFO does not tell");
    } else if (bounded && policy.equals("noeviction")) {
      findings.warn(
          "maxmemory "
              + redis.get("maxmemory_human")
              + " with maxmemory-policy noeviction: when it is full it takes no more",
          ADVICE);
    } else if (bounded && policy.startsWith("volatile")) {
      findings.ok("maxmemory-policy " + policy + ": all keys of Berth have a time to live");
    } else if (bounded) {
      findings.ok("maxmemory " + redis.get("maxmemory_human") + " with " + policy);
    } else {
      findings.warn(
          "no maxmemory (policy "
              + policy
              + "): Redis grows until its machine or pod has no memory left",
          ADVICE);
    }
  }
}
