package dev.berth.server.events;

import dev.berth.config.NotificationsConfig.Endpoint;
import dev.berth.oci.Digest;
import dev.berth.server.store.Digests;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// One endpoint with its queue and the thread that serves it.
final class Receiver {
  private static final int NAME_LENGTH = 16;

  /// How long a stop waits for an event that is being sent.
  private static final Duration GRACE = Duration.ofMillis(500);

  private final Endpoint endpoint;
  private final EndpointQueue queue;
  private final EndpointMeter meter;
  private final Delivery delivery;
  private final EventSender sender;
  private final Thread thread;

  Receiver(
      Endpoint endpoint,
      EndpointQueue queue,
      EndpointMeter meter,
      Delivery delivery,
      EventSender sender) {
    this.endpoint = endpoint;
    this.queue = queue;
    this.meter = meter;
    this.delivery = delivery;
    this.sender = sender;
    this.thread =
        Thread.ofPlatform().daemon().name("events-" + endpoint.title()).unstarted(delivery);
  }

  /// The name of an endpoint's queue on the store, by which a later process finds it: of its name,
  /// else of where it is, without what may be secret.
  static String queueName(Endpoint endpoint) {
    String identity =
        endpoint.name().isEmpty()
            ? "url " + endpoint.title() + endpoint.url().getRawPath()
            : "name " + endpoint.name();
    return Digests.of(Digest.Algorithm.SHA256, identity.getBytes(StandardCharsets.UTF_8))
        .hex()
        .substring(0, NAME_LENGTH);
  }

  void start() {
    thread.start();
  }

  EndpointQueue queue() {
    return queue;
  }

  void tell(Event event) {
    if (!endpoint.ignoredActions().contains(event.action().word)
        && !endpoint.ignoredMediaTypes().contains(event.target().mediaType())) {
      queue.add(event, event.action() != Action.PULL);
    }
  }

  EndpointCounts counts() {
    return meter.counts();
  }

  /// Ends delivery and leaves what waits on the store.
  ///
  /// @return events that are lost
  int close() {
    delivery.end();
    queue.close();
    try {
      // Where the start of the server failed, it never began.
      boolean begun = thread.getState() != Thread.State.NEW;
      if (begun && !thread.join(GRACE)) {
        thread.interrupt();
      }
      if (!begun || thread.join(GRACE)) {
        queue.leave();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sender.close();
    return queue.lost();
  }
}
