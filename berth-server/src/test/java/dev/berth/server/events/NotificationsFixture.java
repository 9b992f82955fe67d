package dev.berth.server.events;

import dev.berth.config.DataSize;
import dev.berth.config.EventQueueConfig;
import dev.berth.config.NotificationsConfig;
import dev.berth.config.NotificationsConfig.Endpoint;
import dev.berth.config.SpaceConfig;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.oci.wire.OciRequest;
import dev.berth.server.engine.HttpHeaders;
import dev.berth.server.engine.HttpResponse;
import dev.berth.server.engine.RequestHead;
import dev.berth.server.http.Served;
import dev.berth.server.registry.ManifestCache;
import dev.berth.server.registry.RegistryRules;
import dev.berth.server.registry.StoredRegistry;
import dev.berth.server.store.Store;
import dev.berth.storage.StorageDriver;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Notifications on a store, and requests for them to see: each deletes a tag, whose name tells the
/// events apart.
final class NotificationsFixture {
  static final EventQueueConfig QUEUES = EventQueueConfig.DEFAULTS;

  private NotificationsFixture() {}

  static Endpoint endpoint(String name, URI url) {
    return new Endpoint(
        name, url, Map.of(), Duration.ofSeconds(5), 2, Duration.ofMillis(20), Set.of(), Set.of());
  }

  static EventQueueConfig queues(int queueKibibytes, int memoryKibibytes) {
    return new EventQueueConfig(
        DataSize.ofKibibytes(queueKibibytes),
        DataSize.ofKibibytes(memoryKibibytes),
        DataSize.ofMebibytes(16),
        Duration.ZERO);
  }

  /// Started, on a process of its own as far as the store can tell.
  static Notifications start(
      StorageDriver driver, EventQueueConfig queues, boolean writable, Endpoint... endpoints) {
    Store store =
        Store.open(driver, SpaceConfig.DEFAULTS, Clock.systemUTC(), new Random(), writable);
    var rules = new RegistryRules(true, true, false, false, _ -> true, 100, _ -> Optional.empty());
    var registry = new StoredRegistry(store, rules, ManifestCache.NONE);
    var notifications =
        new Notifications(
            new NotificationsConfig(false, List.of(endpoints)),
            queues,
            new Notifications.Here("here:5000", "this kernel"),
            new Notifications.Parts(
                registry, store.events(), writable, new Random(), InstantSource.system()));
    notifications.start();
    return notifications;
  }

  /// A request that deleted a tag.
  static Served deleted(String tag) {
    return served(new OciRequest.DeleteTag(new RepositoryName("a"), new Tag(tag)), "DELETE", 202);
  }

  static Served served(OciRequest request, String method, int status) {
    var head = new RequestHead(method, "/", "", "HTTP/1.1", NO_FIELDS, "10.0.0.7:4123", false);
    return new Served(
        request, HttpResponse.of(status), head, "anna", "", "id", _ -> "http://here/");
  }

  private static final HttpHeaders NO_FIELDS =
      new HttpHeaders() {
        @Override
        public Optional<String> first(String name) {
          return Optional.empty();
        }

        @Override
        public List<String> all(String name) {
          return List.of();
        }
      };

  /// Waits for a condition, against a hang only.
  static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within a minute");
      }
      Thread.sleep(5);
    }
  }
}
