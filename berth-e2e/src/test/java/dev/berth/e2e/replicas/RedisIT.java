package dev.berth.e2e.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Digests;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.TestCertificate;
import dev.berth.e2e.harness.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The cache in a real Redis: alone, behind sentinels, as a cluster, with TLS; away, slow, wrong,
/// and shared with registry 2.8.2.
final class RedisIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int CLIENTS = 3;
  private static final Duration TIME = Duration.ofSeconds(10);

  @TempDir private Path folder;
  private final SplittableRandom random = new SplittableRandom(11);

  private RegistryConfig config(String redis) {
    return RegistryConfig.on(folder.resolve("store")).withRedis(redis);
  }

  private RegistryConfig config(RedisServer redis) {
    return config("addr: '" + redis.address() + "'");
  }

  private SampleImage image() {
    return SampleImage.oci(random, "amd64", 1, 1000);
  }

  /// Pushes by one process and pulls by another, which finds the manifest in Redis.
  private void assertShared(RegistryConfig config, List<RedisServer> data) {
    try (RunningRegistry first = Registries.BERTH.start(config)) {
      pushUntil(first, () -> keys(data) > 0);
      try (RunningRegistry second = Registries.BERTH.start(config)) {
        Waiting.until(
            "another process has it from there",
            PATIENCE,
            () -> {
              long before = hits(data);
              // Another each time, as the process remembers.
              SampleImage next = image();
              first.client().push("a", "next", next);
              assertThat(second.client().resolve("a", "next")).contains(next.digest());
              return hits(data) > before;
            });
      }
    }
  }

  private static long keys(List<RedisServer> servers) {
    return servers.stream().mapToLong(server -> server.keys("berth:1:manifest:*").size()).sum();
  }

  private static long hits(List<RedisServer> servers) {
    return servers.stream().mapToLong(RedisServer::hits).sum();
  }

  @Test
  void replicasShareWhatTheyRead() {
    try (RedisServer redis = RedisServer.plain(folder)) {
      assertShared(config(redis), List.of(redis));
    }
  }

  @Test
  void worksWithACluster() {
    List<RedisServer> nodes = RedisServer.cluster(folder);
    try {
      String addresses = nodes.get(0).address() + "', '" + nodes.get(1).address();
      assertShared(config("addrs: ['" + addresses + "']"), nodes);
    } finally {
      nodes.forEach(RedisServer::close);
    }
  }

  @Test
  void worksWithTlsAndAUser() {
    TestCertificate certificate = TestCertificate.make(folder, "redis");
    try (RedisServer redis = RedisServer.encrypted(folder, certificate)) {
      String tls =
          "tls: {rootcas: [%1$s], certificate: %1$s, key: %2$s}"
              .formatted(certificate.certificate(), certificate.key());
      String login = "username: berth, password: hush, ";
      assertShared(
          config("addr: 'localhost:" + redis.port() + "', " + login + tls), List.of(redis));

      TestCertificate other = TestCertificate.make(folder, "other");
      String trustsAnother =
          tls.replace("[" + certificate.certificate(), "[" + other.certificate());
      try (RunningRegistry berth =
          Registries.BERTH.start(
              config("addr: 'localhost:" + redis.port() + "', " + login + trustsAnother))) {
        Waiting.until("it says why", PATIENCE, () -> berth.log().contains("Redis cannot be used"));
        assertThat(berth.client().push("a", "t", image())).isNotEmpty();
      }
    }
  }

  /// The master ends, its replica takes over, and Berth follows.
  @Test
  void followsSentinels() {
    try (RedisServer master = RedisServer.plain(folder);
        RedisServer replica =
            RedisServer.plain(folder, "--replicaof", "127.0.0.1 " + master.port());
        RedisServer sentinel = RedisServer.sentinel(folder, master)) {
      Waiting.until(
          "the sentinel knows both",
          PATIENCE,
          () ->
              sentinel.cli("sentinel", "replicas", "primary").contains("" + replica.port())
                  && replica.cli("info", "replication").contains("master_link_status:up"));
      RegistryConfig config = config("addrs: ['" + sentinel.address() + "'], mastername: primary");
      try (RunningRegistry berth = Registries.BERTH.start(config)) {
        pushUntil(berth, () -> keys(List.of(master)) > 0);
        master.stop();
        Waiting.until("another master", PATIENCE, () -> replica.cli("role").startsWith("master"));
        long before = keys(List.of(replica));
        pushUntil(berth, () -> keys(List.of(replica)) > before);
      }
    }
  }

  private void pushUntil(RunningRegistry berth, BooleanSupplier condition) {
    Waiting.until(
        "what is pushed is in Redis",
        PATIENCE,
        () -> {
          berth.client().push("a", "t", image());
          return condition.getAsBoolean();
        });
  }

  @Test
  void aWrongPasswordIsSaidAndHarmless() {
    try (RedisServer redis = RedisServer.plain(folder, "--requirepass", "hush")) {
      RegistryConfig wrong = config("addr: '" + redis.address() + "', password: wrong-secret");
      try (RunningRegistry berth = Registries.BERTH.start(wrong)) {
        SampleImage image = image();
        berth.client().push("a", "t", image);
        assertThat(berth.client().resolve("a", "t")).contains(image.digest());
        Waiting.until("it says so", PATIENCE, () -> berth.log().contains("WRONGPASS"));
        assertThat(berth.log()).contains(redis.address()).doesNotContain("wrong-secret");
      }
    }
  }

  /// Nobody waits for a Redis that hangs or is gone, and it is used again when it is back.
  @Test
  void goesOnWithoutRedis() throws InterruptedException {
    try (RedisServer redis = RedisServer.plain(folder);
        RunningRegistry berth = Registries.BERTH.start(config(redis))) {
      pushUntil(berth, () -> keys(List.of(redis)) > 0);
      Thread sleep = Thread.ofPlatform().start(() -> redis.cli("debug", "sleep", "4"));
      pushAndPull(berth);
      sleep.join();
      redis.stop();
      pushAndPull(berth);
      redis.start();
      pushUntil(berth, () -> keys(List.of(redis)) > 0);
    }
  }

  /// One that is full, and evicts nothing, refuses each write.
  @Test
  void whatAFullRedisHoldsIsReadAllTheSame() {
    try (RedisServer redis = RedisServer.plain(folder);
        RunningRegistry first = Registries.BERTH.start(config(redis))) {
      pushUntil(first, () -> keys(List.of(redis)) > 0);
      for (int i = 0; i < 10; i++) {
        first.client().push("a", "t" + i, image());
      }
      Waiting.until("all are there", PATIENCE, () -> keys(List.of(redis)) > 10);
      redis.cli("config", "set", "maxmemory", "1");
      try (RunningRegistry second = Registries.BERTH.start(config(redis))) {
        Waiting.until(
            "a write was refused",
            PATIENCE,
            () -> {
              second.client().push("b", "t", image());
              return second.log().contains("Redis takes no writes");
            });
        long before = redis.hits();
        for (int i = 0; i < 10; i++) {
          second.client().push("b", "t", image());
          assertThat(second.client().resolve("a", "t" + i)).isPresent();
        }
        assertThat(redis.hits() - before).isEqualTo(10);
        assertThat(second.log()).containsOnlyOnce("Redis takes no writes");

        redis.cli("config", "set", "maxmemory", "0");
        long kept = keys(List.of(redis));
        pushUntil(second, () -> keys(List.of(redis)) > kept);
      }
    }
  }

  private void pushAndPull(RunningRegistry berth) {
    for (int i = 0; i < 20; i++) {
      SampleImage image = image();
      berth.client().push("b", "t" + i, image);
      assertThat(berth.client().resolve("b", "t" + i)).contains(image.digest());
    }
  }

  /// Entries are overwritten, swapped and removed, and Redis stops now and then, while clients push
  /// and delete through three processes.
  @Test
  void wrongEntriesChangeNoAnswer() {
    try (RedisServer redis = RedisServer.plain(folder);
        Replicas replicas = new Replicas(folder, config(redis).withoutSecret(), 3)) {
      var changes = new AtomicInteger();
      List<ReplicaClient> clients =
          ReplicaClient.work(
              replicas, CLIENTS, random.split(), TIME, () -> changes.addAndGet(change(redis)));
      System.out.printf("%d changes of entries, %d hits%n", changes.get(), redis.hits());
      assertThat(changes).hasPositiveValue();
      for (ReplicaClient client : clients) {
        assertThat(client.errors()).isEmpty();
        assertThat(client.losses()).isEmpty();
        assertThat(client.acknowledged()).isNotEmpty();
      }
      assertNothingWrong(replicas, clients, redis);
    }
  }

  private int change(RedisServer redis) {
    List<String> keys = redis.keys("*");
    if (keys.isEmpty()) {
      return 0;
    }
    String one = keys.get(random.nextInt(keys.size()));
    switch (random.nextInt(6)) {
      case 0 -> redis.cli("set", one, "{\"schemaVersion\":2}");
      case 1 -> redis.cli("copy", keys.get(random.nextInt(keys.size())), one, "replace");
      case 2 -> redis.cli("del", one);
      case 3 -> redis.cli("setrange", one, "90000000", "x");
      case 4 -> {
        redis.cli("del", one);
        redis.cli("hset", one, "a", "b");
      }
      default -> redis.cli("debug", "sleep", "0.2");
    }
    return 1;
  }

  /// With every entry wrong, processes that remember nothing answer rightly.
  private static void assertNothingWrong(
      Replicas replicas, List<ReplicaClient> clients, RedisServer redis) {
    redis.keys("berth:*").forEach(key -> redis.cli("set", key, "{}"));
    replicas.restart(0);
    for (ReplicaClient client : clients) {
      for (ReplicaClient.Acknowledged one : client.acknowledged()) {
        assertThat(replicas.client(0).resolve(one.repository(), one.tag()))
            .isEqualTo(Optional.ofNullable(one.digest()));
      }
    }
  }

  /// What registry 2.8.2 remembers of a blob goes when Berth deletes it.
  @Test
  void registry282ForgetsWhatBerthDeletes() {
    try (RedisServer redis = RedisServer.plain(folder);
        RunningRegistry old = Registries.DISTRIBUTION_2.start(config(redis));
        RunningRegistry berth = Registries.BERTH.start(config(redis))) {
      byte[] blob = new byte[] {1, 2, 3};
      pushUntil(berth, () -> !redis.keys("berth:*").isEmpty());
      String digest = Digests.sha256(blob);
      old.client().pushBlob("a", blob);
      assertThat(head(old, digest)).isEqualTo(200);
      assertThat(redis.keys("*blobs::" + digest)).isNotEmpty();

      assertThat(berth.client().deleteBlob("a", digest)).isEqualTo(202);

      assertThat(redis.keys("*" + digest)).isEmpty();
      assertThat(redis.cli("sismember", "repository::a::blobs", digest)).isEqualTo("0");
      assertThat(head(old, digest)).isEqualTo(404);
    }
  }

  private static int head(RunningRegistry registry, String digest) {
    return registry
        .client()
        .send("HEAD", "/v2/a/blobs/" + digest, Map.of(), new byte[0])
        .statusCode();
  }
}
