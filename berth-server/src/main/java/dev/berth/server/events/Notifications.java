package dev.berth.server.events;

import dev.berth.config.EventQueueConfig;
import dev.berth.config.NotificationsConfig;
import dev.berth.config.NotificationsConfig.Endpoint;
import dev.berth.oci.Registry;
import dev.berth.server.http.Witness;
import dev.berth.server.outgoing.TrustedCertificates;
import dev.berth.server.store.EventFolder;
import dev.berth.server.store.EventFolders;
import dev.berth.server.store.EventLog;
import dev.berth.storage.StorageException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Tells the endpoints of `notifications` what happened. See `docs/configuration.md` for what is
/// promised, and `docs/storage-format.md` for the queues on the store.
public final class Notifications implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Notifications.class.getName());

  /// How long a pull may be in memory only, and what is on the store not be durable.
  private static final Duration TICK = Duration.ofMillis(500);

  private static final Duration BEAT = Duration.ofSeconds(5);
  private static final int NAME_BYTES = 16;

  private final List<Receiver> receivers = new ArrayList<>();
  private final Witness witness;
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("events").factory());
  private final Parts parts;
  private final Here here;
  private final String replica;
  private final @Nullable Heirs heirs;
  private @Nullable EventFolder folder;

  /// Nothing is sent before [#start].
  public Notifications(
      NotificationsConfig config, EventQueueConfig limits, Here here, Parts parts) {
    this.parts = parts;
    this.here = here;
    this.replica = name(parts.random());
    QueueLimits bounds = QueueLimits.of(limits);
    var format = new EventFormat(here.address(), replica);
    Map<String, EndpointQueue> queues = new LinkedHashMap<>();
    Set<String> titles = new HashSet<>();
    for (Endpoint endpoint : config.endpoints()) {
      String queueName = unused(queues.keySet(), Receiver.queueName(endpoint));
      // Two series of a metric with one label would be none.
      String title = unused(titles, endpoint.title());
      titles.add(title);
      var meter = new EndpointMeter(title);
      var queue =
          new EndpointQueue(
              endpoint.title(),
              format,
              meter,
              bounds,
              () -> openLog(queueName, bounds.segmentBytes()));
      queues.put(queueName, queue);
      var sender = new EventSender(endpoint, TrustedCertificates.ofSystem());
      var delivery =
          new Delivery(
              endpoint,
              queue,
              sender,
              parts.folders().deadLetters(queueName, limits.deadLetters().bytes()),
              meter,
              limits.giveUpAfter(),
              parts.clock());
      receivers.add(new Receiver(endpoint, queue, meter, delivery, sender));
    }
    heirs =
        parts.writable()
            ? new Heirs(
                parts.folders(),
                replica,
                here.machine(),
                queues,
                bounds.segmentBytes(),
                System::nanoTime)
            : null;
    witness =
        new EventRecorder(
            parts.registry(),
            new EventIds(parts.random()),
            parts.clock(),
            config.includeReferences(),
            event -> receivers.forEach(receiver -> receiver.tell(event)));
  }

  /// Where this process is.
  ///
  /// @param address `name:port`, as events give it
  /// @param machine tells running kernels apart; empty where that cannot be told
  public record Here(String address, String machine) {}

  /// What notifications are made with.
  ///
  /// @param writable false: nothing is kept on the store
  public record Parts(
      Registry registry,
      EventFolders folders,
      boolean writable,
      RandomGenerator random,
      InstantSource clock) {}

  /// Begins to deliver, what earlier processes left too. An endpoint that cannot be reached is no
  /// reason not to start.
  public void start() {
    if (receivers.isEmpty()) {
      return;
    }
    if (!parts.writable()) {
      LOG.log(Level.WARNING, "events are kept in memory only: the store is read-only");
    }
    guarded(this::openFolder);
    lookForHeirless();
    receivers.forEach(Receiver::start);
    every(TICK, () -> receivers.forEach(receiver -> guarded(receiver.queue()::tick)));
    every(BEAT, this::beat);
    every(BEAT, this::lookForHeirless);
  }

  /// Is told of each request.
  public Witness witness() {
    return receivers.isEmpty() ? Witness.NONE : witness;
  }

  /// What became of the events so far, for each endpoint.
  public List<EndpointCounts> counts() {
    return receivers.stream().map(Receiver::counts).toList();
  }

  /// Stops delivering; what waits stays on the store for the next process. To be called when no
  /// request is served any more.
  @Override
  public void close() {
    ticker.shutdownNow();
    int lost = 0;
    for (Receiver receiver : receivers) {
      lost += closed(receiver);
    }
    if (lost > 0) {
      LOG.log(Level.WARNING, lost + " events are lost: they could not be kept on the store");
    }
    if (heirs != null) {
      heirs.close();
    }
    EventFolder own = ownFolder();
    if (own != null) {
      guarded(own::removeIfEmpty);
    }
  }

  private static int closed(Receiver receiver) {
    try {
      return receiver.close();
    } catch (StorageException e) {
      LOG.log(Level.WARNING, "events that were delivered may be delivered again", e);
      return 0;
    }
  }

  private @Nullable EventLog openLog(String queue, long segmentBytes) {
    EventFolder own = openFolder();
    return own == null ? null : own.open(queue, segmentBytes);
  }

  private synchronized @Nullable EventFolder openFolder() {
    if (folder == null && parts.writable()) {
      folder = parts.folders().create(replica, here.machine());
    }
    return folder;
  }

  private synchronized @Nullable EventFolder ownFolder() {
    return folder;
  }

  private void beat() {
    EventFolder own = ownFolder();
    if (own != null) {
      own.beat();
    }
  }

  private void lookForHeirless() {
    if (heirs != null) {
      guarded(heirs::look);
    }
  }

  private void every(Duration period, Runnable work) {
    var _ =
        ticker.scheduleWithFixedDelay(
            () -> guarded(work), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "events: " + e.getMessage());
    }
  }

  /// Endpoints may have one name.
  private static String unused(Set<String> taken, String name) {
    int count = 2;
    String candidate = name;
    while (taken.contains(candidate)) {
      candidate = name + "-" + count++;
    }
    return candidate;
  }

  private static String name(RandomGenerator random) {
    byte[] bytes = new byte[NAME_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
