package dev.berth.server;

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
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Builds the running server from its configuration. The only place where the parts meet; read it
/// from top to bottom.
final class Wiring implements ServerStarter {
  private static final Duration FLUSH_EVERY = Duration.ofSeconds(1);
  private static final Duration RECONNECT_EVERY = Duration.ofSeconds(1);
  private static final Duration RENEW_EVERY = Duration.ofSeconds(2);
  private static final Duration REFILL_EVERY = Duration.ofMinutes(1);

  /// Registry 2.8.2 waits as long at most before its first round, so that replicas do not purge in
  /// step.
  private static final int PURGE_JITTER_MINUTES = 60;

  private static final int BODIES_SHARE = 5;
  private static final int REFERRERS_SHARE = 32;
  private static final int MOST_BODIES = 32 << 20;

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
    var endings = new Endings();
    boolean started = false;
    try {
      Running running = serve(config, foundations(config, live, endings), endings);
      started = true;
      return running;
    } finally {
      if (!started) {
        endings.close();
      }
    }
  }

  /// What the registry stands on, and who looks at it from outside.
  private record Foundations(
      Metering metering,
      Tracing tracing,
      Store store,
      Reloads reloads,
      Doors doors,
      @Nullable TlsFiles certificates,
      Probing probing) {}

  private Foundations foundations(BerthConfig config, LiveConfig live, Endings endings)
      throws IOException {
    var metering = new Metering(config.http().debug(), Main.version());
    boolean writable = !config.storage().readOnly();
    StorageDriver driver = metering.around(open(config.storage().driver(), !writable));
    endings.add(driver::close);
    Tracing tracing = Tracing.start(environment, Main.version(), replica(config.http()));
    endings.add(tracing::close);
    var reloads = new Reloads(InstantSource.system());
    metering.show(reloads);
    var doors = new Doors(config, live, random, InstantSource.system(), reloads);
    endings.add(doors::close);
    metering.show(doors.authenticator());
    TlsFiles certificates = certificates(config.http().tls(), reloads);
    Store store =
        Store.open(
            tracing.around(driver), config.berth().space(), Clock.systemUTC(), random, writable);
    var probing =
        new Probing(config, store, driver.traits().name(), reloads::faults, metering.pages());
    endings.add(probing::close);
    metering.show(probing.readiness());
    return new Foundations(metering, tracing, store, reloads, doors, certificates, probing);
  }

  private Running serve(BerthConfig config, Foundations on, Endings endings) throws IOException {
    Metering metering = on.metering();
    Caching caching = new Caching(config.redis());
    endings.add(caching::close);
    metering.show(caching);
    ManifestCache cache = metering.around(caching.manifests());
    var registry = new StoredRegistry(on.store(), rules(config, on.doors()), cache);
    metering.show(registry);
    Notifications notifications = notifications(config, on.store(), registry);
    endings.add(notifications::close);
    metering.show(notifications);
    var audit = new Auditing(config.berth().audit(), accessLog);
    endings.add(audit::close);
    metering.show(audit);
    var protocol =
        new OciHandler(
            registry,
            settings(config),
            secret(config.http(), on.store()),
            on.doors().authenticator(),
            on.probing()::isHealthy,
            Witness.all(
                on.tracing().witness(),
                notifications.witness(),
                caching.witness(),
                audit.witness(InstantSource.system(), on.tracing().traceIds())),
            random.nextLong());
    var status =
        new StatusSource(
            replica(config.http()),
            on.probing().readiness(),
            on.reloads(),
            registry,
            notifications);
    HttpHandler handler = withAdminApi(protocol, config, on.doors(), status);
    var log = new AccessLog(handler, accessLog, Clock.system(ZoneId.systemDefault()));
    endings.add(log::close);
    metering.show(log);
    var routes = new OciRoutes(config.http().prefix(), config.storage().readOnly());
    HttpHandler logged = config.log().accessLogDisabled() ? handler : log;
    HttpHandler served = on.tracing().around(metering.around(logged, routes), routes);

    var background = new Background();
    endings.add(background::close);
    background.every(RECONNECT_EVERY, "keep Redis", caching::tick);
    on.doors()
        .renewals()
        .forEach((name, renewal) -> background.every(Doors.RENEW_EVERY, name, renewal));
    background.every(FLUSH_EVERY, "write the access log", log::flush);
    HttpEngine engine = listen(config, served, on, background);
    endings.add(engine::close);
    if (!config.storage().readOnly()) {
      maintain(on.store(), config.storage().uploadPurging(), background);
    }
    status.serve(engine);
    notifications.start();
    return new RunningServer(
        new ListenAddress(config.http().addr().host(), engine.port()),
        engine,
        Draining.of(config.http().drainTimeout(), environment),
        on.probing().readiness(),
        endings);
  }

  private static HttpEngine listen(
      BerthConfig config, HttpHandler served, Foundations on, Background background)
      throws IOException {
    TlsFiles certificates = on.certificates();
    EngineSettings settings = engineSettings(config).withCopiedFiles(!on.store().isOnThisMachine());
    HttpEngine engine =
        HttpEngine.start(
            certificates == null ? settings : settings.with(certificates.settings()),
            served,
            on.probing().publicProbes(),
            on.probing().readiness()::storeHangs);
    on.metering().show(engine);
    if (certificates != null) {
      on.metering().showCertificate(certificates::end);
      background.every(RENEW_EVERY, "read certificates again", () -> certificates.renew(engine));
    }
    return engine;
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

  private void maintain(Store store, UploadPurging purging, Background background) {
    // The first time at once, but the start does not wait for it: it may be 64 MiB to write.
    background.every(Duration.ZERO, REFILL_EVERY, "set the reserve aside", store.space()::refill);
    if (purging.enabled()) {
      background.every(
          Duration.ofMinutes(random.nextInt(PURGE_JITTER_MINUTES)),
          purging.interval(),
          "purge uploads",
          () -> store.purger().purge(purging.age(), purging.dryRun()));
    }
  }
}
