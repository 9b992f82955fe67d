package dev.berth.server;

import dev.berth.config.AuditConfig;
import dev.berth.config.BerthConfig;
import dev.berth.config.DriverConfig;
import dev.berth.config.FilesystemStorage;
import dev.berth.config.HttpConfig;
import dev.berth.config.Limits;
import dev.berth.config.ListenAddress;
import dev.berth.config.MemoryStorage;
import dev.berth.config.MissingReferences;
import dev.berth.config.ReferencedBlobs;
import dev.berth.config.TlsConfig;
import dev.berth.config.UploadPurging;
import dev.berth.oci.Registry;
import dev.berth.oci.wire.OciRoutes;
import dev.berth.server.audit.AuditLog;
import dev.berth.server.audit.AuditWitness;
import dev.berth.server.engine.EngineSettings;
import dev.berth.server.engine.HttpEngine;
import dev.berth.server.engine.HttpHandler;
import dev.berth.server.events.Notifications;
import dev.berth.server.http.AccessLog;
import dev.berth.server.http.AdminHandler;
import dev.berth.server.http.HttpSettings;
import dev.berth.server.http.OciHandler;
import dev.berth.server.http.Witness;
import dev.berth.server.registry.ManifestCache;
import dev.berth.server.registry.RegistryRules;
import dev.berth.server.registry.StoredRegistry;
import dev.berth.server.reload.Reloads;
import dev.berth.server.store.Store;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.filesystem.FilesystemDriver;
import dev.berth.storage.memory.MemoryDriver;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Builds the running server from its configuration. The only place where the parts meet; read it
/// from top to bottom.
final class Wiring implements ServerStarter {
  private static final Duration FLUSH_EVERY = Duration.ofSeconds(1);
  private static final Duration RECONNECT_EVERY = Duration.ofSeconds(1);
  private static final Duration RENEW_EVERY = Duration.ofSeconds(5);
  private static final Duration REFILL_EVERY = Duration.ofMinutes(1);

  /// Registry 2.8.2 waits as long at most before its first round, so that replicas do not purge in
  /// step.
  private static final int PURGE_JITTER_MINUTES = 60;

  private static final int BODIES_SHARE = 5;
  private static final int REFERRERS_SHARE = 32;
  private static final int MOST_BODIES = 32 << 20;

  /// Purging and the reserve wait for the store, which may hang; the log and certificates go on.
  private static final int BACKGROUND_THREADS = 4;

  private final OutputStream accessLog;
  private final Map<String, String> environment;
  private final SecureRandom random = new SecureRandom();

  /// @param accessLog standard output; where requests are logged
  /// @param environment tells whether this is Kubernetes
  Wiring(OutputStream accessLog, Map<String, String> environment) {
    this.accessLog = accessLog;
    this.environment = Map.copyOf(environment);
  }

  @Override
  public Running start(BerthConfig config, LiveConfig live) throws IOException {
    var metering = new Metering(config.http().debug(), Main.version());
    StorageDriver driver =
        metering.around(open(config.storage().driver(), config.storage().readOnly()));
    Tracing tracing = Tracing.start(environment, Main.version(), replica(config.http()));
    boolean started = false;
    try {
      var watchers = new Watchers(metering, tracing);
      Running running = start(config, live, tracing.around(driver), watchers);
      started = true;
      return running;
    } finally {
      if (!started) {
        tracing.close();
        driver.close();
      }
    }
  }

  /// Those who look at the parts from outside.
  private record Watchers(Metering metering, Tracing tracing) {}

  private Running start(
      BerthConfig config, LiveConfig live, StorageDriver driver, Watchers watchers)
      throws IOException {
    Metering metering = watchers.metering();
    var reloads = new Reloads(InstantSource.system());
    var doors = new Doors(config, live, random, InstantSource.system(), reloads);
    boolean writable = !config.storage().readOnly();
    Store store = Store.open(driver, config.berth().space(), Clock.systemUTC(), random, writable);
    var probing =
        new Probing(config, store, driver.traits().name(), reloads::faults, metering.pages());
    metering.show(probing.readiness());
    metering.show(reloads);
    boolean started = false;
    try {
      Running running = start(config, doors, store, probing, reloads, watchers);
      started = true;
      return running;
    } finally {
      if (!started) {
        probing.close();
      }
    }
  }

  private Running start(
      BerthConfig config,
      Doors doors,
      Store store,
      Probing probing,
      Reloads reloads,
      Watchers watchers)
      throws IOException {
    Metering metering = watchers.metering();
    ScheduledExecutorService background = background(BACKGROUND_THREADS);
    Caching caching = new Caching(config.redis());
    every(RECONNECT_EVERY, background, new Task("keep Redis", caching::tick));
    metering.show(caching);
    ManifestCache cache = metering.around(caching.manifests());
    var registry = new StoredRegistry(store, rules(config, doors), cache);
    metering.show(registry);
    every(Doors.RENEW_EVERY, background, new Task("read logins again", doors::renew));
    metering.show(doors.authenticator());
    Notifications notifications = notifications(config, store, registry);
    metering.show(notifications);
    AuditLog audit = audit(config.berth().audit());
    var protocol =
        new OciHandler(
            registry,
            settings(config),
            secret(config.http(), store),
            doors.authenticator(),
            probing::isHealthy,
            Witness.all(
                watchers.tracing().witness(),
                notifications.witness(),
                caching.witness(),
                witness(audit, config.berth().audit().pulls(), watchers.tracing())),
            random.nextLong());
    var status =
        new StatusSource(
            replica(config.http()), probing.readiness(), reloads, registry, notifications);
    HttpHandler handler = withAdminApi(protocol, config, doors, status);
    var log = new AccessLog(handler, accessLog, Clock.system(ZoneId.systemDefault()));
    metering.show(log);
    var routes = new OciRoutes(config.http().prefix(), config.storage().readOnly());
    HttpHandler logged = config.log().accessLogDisabled() ? handler : log;
    HttpHandler served = watchers.tracing().around(metering.around(logged, routes), routes);
    every(FLUSH_EVERY, background, new Task("write the access log", log::flush));
    if (audit != null) {
      every(FLUSH_EVERY, background, new Task("write the audit log", audit::flush));
    }
    if (!config.storage().readOnly()) {
      maintain(store, config.storage().uploadPurging(), background);
    }
    TlsFiles certificates = certificates(config.http().tls(), reloads);
    HttpEngine engine = listen(config, store, served, probing, certificates);
    metering.show(engine);
    status.serve(engine);
    if (certificates != null) {
      metering.showCertificate(certificates::end);
      every(
          RENEW_EVERY,
          background,
          new Task("read certificates again", () -> certificates.renew(engine)));
    }
    notifications.start();
    var address = new ListenAddress(config.http().addr().host(), engine.port());
    return new RunningServer(
        address,
        engine,
        Draining.of(config.http().drainTimeout(), environment),
        probing.readiness(),
        List.of(
            probing::close,
            background::shutdownNow,
            log::close,
            () -> close(audit),
            notifications::close,
            doors::close,
            watchers.tracing()::close,
            caching::close,
            store::close));
  }

  private static HttpEngine listen(
      BerthConfig config,
      Store store,
      HttpHandler served,
      Probing probing,
      @Nullable TlsFiles certificates)
      throws IOException {
    EngineSettings settings = engineSettings(config).withCopiedFiles(!store.isOnThisMachine());
    return HttpEngine.start(
        certificates == null ? settings : settings.with(certificates.settings()),
        served,
        probing.publicProbes(),
        probing.readiness()::storeHangs);
  }

  private static HttpHandler withAdminApi(
      HttpHandler protocol, BerthConfig config, Doors doors, StatusSource status) {
    return doors
        .admins()
        .<HttpHandler>map(gate -> new AdminHandler(protocol, settings(config), gate, status))
        .orElse(protocol);
  }

  private static String replica(HttpConfig http) {
    return Machine.name() + ":" + http.addr().port();
  }

  private static @Nullable TlsFiles certificates(@Nullable TlsConfig tls, Reloads reloads) {
    return tls == null ? null : new TlsFiles(tls, InstantSource.system(), reloads.add("http.tls"));
  }

  /// A new kind of storage stops compiling here.
  private static StorageDriver open(DriverConfig driver, boolean readOnly) {
    return switch (driver) {
      case FilesystemStorage files ->
          readOnly
              ? FilesystemDriver.openReadOnly(files.rootDirectory())
              : FilesystemDriver.open(files.rootDirectory());
      case MemoryStorage _ ->
          new MemoryDriver(Runtime.getRuntime().maxMemory() / 2, InstantSource.system());
    };
  }

  private @Nullable AuditLog audit(AuditConfig audit) throws IOException {
    return switch (audit.path()) {
      case "" -> null;
      case "-" -> AuditLog.to(accessLog);
      default -> AuditLog.to(Path.of(audit.path()));
    };
  }

  private static void close(@Nullable AuditLog audit) {
    if (audit != null) {
      audit.close();
    }
  }

  private static Witness witness(@Nullable AuditLog audit, boolean pulls, Tracing tracing) {
    return audit == null
        ? Witness.NONE
        : new AuditWitness(audit, InstantSource.system(), tracing.traceIds(), pulls);
  }

  private Notifications notifications(BerthConfig config, Store store, Registry registry) {
    return new Notifications(
        config.notifications(),
        config.berth().events(),
        new Notifications.Here(replica(config.http()), Machine.runningKernel()),
        new Notifications.Parts(
            registry,
            store.events(),
            !config.storage().readOnly(),
            random,
            InstantSource.system()));
  }

  private static RegistryRules rules(BerthConfig config, Doors doors) {
    return new RegistryRules(
        config.storage().deleteEnabled(),
        config.berth().referencedBlobs() == ReferencedBlobs.ALLOW,
        config.berth().missingReferences() == MissingReferences.REFUSE,
        config.berth().strictMediaTypes(),
        url -> isWeb(url) && config.validation().allows(url),
        config.berth().limits().requests().openUploads(),
        doors::immutableTags);
  }

  private static boolean isWeb(String url) {
    return url.startsWith("http://") || url.startsWith("https://");
  }

  private static byte[] secret(HttpConfig http, Store store) {
    return http.secret() == null
        ? store.secret()
        : http.secret().value().getBytes(StandardCharsets.UTF_8);
  }

  private static HttpSettings settings(BerthConfig config) {
    HttpConfig http = config.http();
    int manifest = (int) config.berth().limits().requests().manifest().bytes();
    long heap = Runtime.getRuntime().maxMemory();
    int inFlight = (int) Math.max(manifest, Math.min(MOST_BODIES, heap / BODIES_SHARE));
    return new HttpSettings(
        http.prefix(),
        Optional.ofNullable(http.host()).map(URI::toString),
        Optional.ofNullable(http.relativeUrls()),
        http.headers(),
        config.storage().readOnly(),
        new HttpSettings.Limits(
            manifest,
            inFlight,
            config.catalog().maxEntries(),
            (int) Math.min(heap / REFERRERS_SHARE, HttpSettings.Limits.DEFAULT.referrersBytes())));
  }

  private static EngineSettings engineSettings(BerthConfig config) {
    ListenAddress address = config.http().addr();
    Limits limits = config.berth().limits();
    Limits.Connections connections = limits.connections();
    Limits.Threads threads = limits.threads();
    EngineSettings defaults =
        EngineSettings.defaults(address.host(), address.port(), OciHandler.busy());
    return defaults
        .with(
            new EngineSettings.Limits(
                (int) limits.requests().url().bytes(),
                (int) limits.requests().headers().bytes(),
                connections.max(),
                defaults.limits().discardBytes()))
        .with(
            new EngineSettings.Timeouts(
                connections.idleTimeout(),
                connections.bodyTimeout(),
                connections.sendTimeout(),
                connections.answerTimeout(),
                defaults.timeouts().rateGrace(),
                connections.minBodyRate().bytes()))
        .withPools(
            new EngineSettings.Pool(threads.read(), threads.readQueue()),
            new EngineSettings.Pool(threads.write(), threads.writeQueue()));
  }

  private void maintain(Store store, UploadPurging purging, ScheduledExecutorService background) {
    // The first time at once, but not before the server listens: it may be 64 MiB to write.
    var reserve = new Task("set the reserve aside", store.space()::refill);
    background.execute(reserve);
    every(REFILL_EVERY, background, reserve);
    schedulePurging(purging, store, background);
  }

  private void schedulePurging(
      UploadPurging purging, Store store, ScheduledExecutorService background) {
    if (purging.enabled()) {
      long first = TimeUnit.MINUTES.toNanos(random.nextInt(PURGE_JITTER_MINUTES));
      var _ =
          background.scheduleWithFixedDelay(
              new Task(
                  "purge uploads", () -> store.purger().purge(purging.age(), purging.dryRun())),
              first,
              purging.interval().toNanos(),
              TimeUnit.NANOSECONDS);
    }
  }

  private static void every(Duration period, ScheduledExecutorService background, Task task) {
    var _ =
        background.scheduleWithFixedDelay(
            task, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static ScheduledExecutorService background(int threads) {
    return Executors.newScheduledThreadPool(
        threads, Thread.ofPlatform().daemon().name("background-", 0).factory());
  }
}
