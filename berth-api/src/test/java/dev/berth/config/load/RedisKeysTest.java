package dev.berth.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.ListenAddress;
import dev.berth.config.RedisConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisKeysTest {
  private static final String CACHE =
      "version: 0.1\nstorage: {filesystem: {}, cache: {blobdescriptor: redis}}\n";

  private static RedisConfig redis(String text) {
    LoadedConfig loaded = Loading.load(CACHE + text);
    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.unknown()).isEmpty();
    return Objects.requireNonNull(loaded.config().redis());
  }

  /// As in the example of registry 2.8.2.
  @Test
  void takesTheWordsOfTheOldRegistry() {
    RedisConfig redis =
        redis(
            """
            redis:
              addr: localhost:6379
              password: asecret
              db: 5
              dialtimeout: 10ms
              readtimeout: 20ms
              writetimeout: 10ms
              pool: {maxidle: 16, maxactive: 64, idletimeout: 300s}
            """);

    assertThat(redis.addresses()).containsExactly(new ListenAddress("localhost", 6379));
    assertThat(redis.database()).isEqualTo(5);
    assertThat(redis.isCluster()).isFalse();
    assertThat(redis.tls()).isNull();
    assertThat(redis.readTimeout()).hasMillis(20);
  }

  @Test
  void takesSeveralAddressesForACluster() {
    RedisConfig redis = redis("redis: {addrs: ['a:1', 'b:2'], poolsize: 10, maxretries: 3}");

    assertThat(redis.isCluster()).isTrue();
    assertThat(redis.readTimeout()).isEqualTo(RedisConfig.DEFAULT_READ_TIMEOUT);
  }

  @Test
  void takesSeveralAddressesWithAMasterForSentinels() {
    RedisConfig redis = redis("redis: {addrs: ['a:1', 'b:2'], mastername: m, db: 3}");

    assertThat(redis.isCluster()).isFalse();
    assertThat(redis.sentinel()).isEqualTo(new RedisConfig.Sentinel("m", RedisConfig.Login.NONE));
  }

  @Test
  void takesVariables() {
    LoadedConfig loaded =
        Loading.load(
            CACHE, Map.of("REGISTRY_REDIS_ADDR", "redis:6379", "REGISTRY_REDIS_PASSWORD", "hush"));

    RedisConfig redis = Objects.requireNonNull(loaded.config().redis());
    assertThat(redis.addresses()).containsExactly(new ListenAddress("redis", 6379));
    assertThat(redis.toString()).doesNotContain("hush");
  }

  @Test
  void trustsWhatTheOldNameNames() {
    assertThat(redis("redis: {addr: 'a:1', tls: {clientcas: [/ca]}}").tls())
        .isEqualTo(new RedisConfig.Tls(List.of(Path.of("/ca")), null, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{addrs: ['a:1', 'b:1'], db: 1} | redis.db",
        "{addr: 'a:1', db: -1} | redis.db",
        "{addr: 'a:1', readtimeout: -1s} | redis.readtimeout",
        "{addr: 'a:1', username: u} | redis.password",
        "{addr: 'a:1', mastername: m, sentinelusername: u} | redis.sentinelpassword",
        "{addr: 'a:1', tls: {certificate: /c}} | redis.tls.key",
        "{addr: 'a:1', tls: {key: /k}} | redis.tls.certificate",
        "{password: x} | redis.addr"
      })
  void stopsTheStart(String redis, String named) {
    assertThat(Loading.problems(CACHE + "redis: " + redis))
        .singleElement()
        .satisfies(line -> assertThat(line).contains(": " + named + ": "));
  }
}
