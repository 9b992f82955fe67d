package dev.berth.server.events;

import dev.berth.config.NotificationsConfig.Endpoint;
import dev.berth.server.store.DeadLetters;
import dev.berth.storage.StorageException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Brings one endpoint its events, one at a time and in order, on a thread of its own. A refused
/// event is tried again for ever, as by registry 2.8.2: at once, and after `threshold` failures in
/// a row after a pause; but for what the queue has no room for, or what is older than it may be.
final class Delivery implements Runnable {
  private static final System.Logger LOG = System.getLogger(Delivery.class.getName());
  private static final Duration COMPLAIN_EVERY = Duration.ofMinutes(1);
  private static final Duration AFTER_FAULT = Duration.ofSeconds(1);
  private static final String TIMESTAMP = "\"timestamp\":\"";

  private final Endpoint endpoint;
  private final EndpointQueue queue;
  private final EventSender sender;
  private final DeadLetters deadLetters;
  private final EndpointMeter meter;
  private final Duration giveUpAfter;
  private final InstantSource clock;
  private final CountDownLatch ending = new CountDownLatch(1);
  private int failures;
  private @Nullable Instant complained;

  Delivery(
      Endpoint endpoint,
      EndpointQueue queue,
      EventSender sender,
      DeadLetters deadLetters,
      EndpointMeter meter,
      Duration giveUpAfter,
      InstantSource clock) {
    this.endpoint = endpoint;
    this.queue = queue;
    this.sender = sender;
    this.deadLetters = deadLetters;
    this.meter = meter;
    this.giveUpAfter = giveUpAfter;
    this.clock = clock;
  }

  /// Ends [#run] soon; an event that is being sent may be sent again later.
  void end() {
    ending.countDown();
  }

  @Override
  public void run() {
    try {
      while (ending.getCount() > 0) {
        one();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void one() throws InterruptedException {
    try {
      Optional<EndpointQueue.Item> item = queue.next();
      if (item.isPresent()) {
        deliver(item.get());
      }
    } catch (StorageException e) {
      complain("its queue cannot be read: " + e.getMessage());
      pause(AFTER_FAULT);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "events for " + endpoint.title(), e);
      pause(AFTER_FAULT);
    }
  }

  private void deliver(EndpointQueue.Item item) throws InterruptedException {
    while (ending.getCount() > 0) {
      if (item.source() != null && overflowed()) {
        return;
      }
      if (isTooOld(item.json())) {
        bury(List.of(item));
        return;
      }
      EventSender.Outcome outcome = sender.send(GoJson.envelope(item.json()));
      if (outcome.accepted()) {
        meter.success(outcome.status());
        queue.settled(item);
        accepted();
        return;
      }
      refused(outcome);
      if (failures >= endpoint.threshold()) {
        pause(endpoint.backoff());
      }
    }
  }

  private void accepted() {
    if (failures > 0) {
      LOG.log(
          Level.INFO,
          "endpoint " + endpoint.title() + " takes events again, after " + failures + " failures");
    }
    failures = 0;
    complained = null;
  }

  private void refused(EventSender.Outcome outcome) {
    failures++;
    if (outcome.status().isEmpty()) {
      meter.error();
    } else {
      meter.failure(outcome.status());
    }
    complain(outcome.problem());
  }

  /// Once in a while, however often it fails.
  private void complain(String problem) {
    Instant now = clock.instant();
    if (complained == null || complained.plus(COMPLAIN_EVERY).isBefore(now)) {
      complained = now;
      LOG.log(
          Level.WARNING,
          "endpoint "
              + endpoint.title()
              + " takes no events, they wait and are tried again: "
              + problem);
    }
  }

  /// Whether the oldest events were given up to make room.
  private boolean overflowed() {
    List<EndpointQueue.Item> oldest = queue.overflow();
    if (oldest.isEmpty()) {
      return false;
    }
    bury(oldest);
    return true;
  }

  private void bury(List<EndpointQueue.Item> items) {
    List<byte[]> records = new ArrayList<>();
    items.forEach(item -> records.add(item.json()));
    try {
      deadLetters.add(records);
      meter.gaveUp(records.size());
      LOG.log(
          Level.WARNING,
          records.size() + " events for " + endpoint.title() + " were given up: dead letters");
    } catch (StorageException e) {
      LOG.log(
          Level.ERROR,
          records.size()
              + " events for "
              + endpoint.title()
              + " are lost: the dead letters cannot be written: "
              + e.getMessage());
      meter.drop(records.size());
    }
    queue.settled(items.getLast());
  }

  private boolean isTooOld(byte[] json) {
    if (giveUpAfter.isZero()) {
      return false;
    }
    String text = new String(json, StandardCharsets.UTF_8);
    int start = text.indexOf(TIMESTAMP) + TIMESTAMP.length();
    try {
      Instant time = Instant.parse(text.substring(start, text.indexOf('"', start)));
      return time.plus(giveUpAfter).isBefore(clock.instant());
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private void pause(Duration time) throws InterruptedException {
    boolean _ = ending.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }
}
