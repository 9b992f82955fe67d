package dev.berth.config.load;

import static dev.berth.config.load.ValueTypes.ADDRESS;
import static dev.berth.config.load.ValueTypes.BOOLEAN;
import static dev.berth.config.load.ValueTypes.DURATION;
import static dev.berth.config.load.ValueTypes.INTEGER;
import static dev.berth.config.load.ValueTypes.PATH;
import static dev.berth.config.load.ValueTypes.SECRET;
import static dev.berth.config.load.ValueTypes.TEXT;
import static dev.berth.config.load.ValueTypes.listOf;

import dev.berth.config.DescriptorCache;
import dev.berth.config.ListenAddress;
import dev.berth.config.RedisConfig;
import dev.berth.config.RedisConfig.Login;
import dev.berth.config.RedisConfig.Sentinel;
import dev.berth.config.RedisConfig.Tls;
import dev.berth.config.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keys under `redis`, in the words of registry 2.8.2 (`addr`) and of distribution 3 (`addrs`). As
/// there, a time of 0 stands for the default.
final class RedisKeys {
  private static final String TLS = "redis.tls";

  private static final Key<ListenAddress> ADDR =
      Key.optional("redis.addr", ADDRESS, "The server, `host:port`.");
  private static final Key<List<ListenAddress>> ADDRS =
      Key.optional(
          "redis.addrs",
          listOf(ADDRESS),
          "The server; or some nodes of a cluster; or, with `mastername`, the sentinels.");
  private static final Key<String> USERNAME =
      Key.optional("redis.username", TEXT, "The ACL user; none: the default user.");
  private static final Key<Secret> PASSWORD =
      Key.optional("redis.password", SECRET, "Its password. Never shown.");
  private static final Key<Integer> DB =
      Key.of("redis.db", INTEGER, 0, "Number of the database; 0 in a cluster.");
  private static final Key<String> MASTER_NAME =
      Key.optional("redis.mastername", TEXT, "What sentinels call the master; turns them on.");
  private static final Key<String> SENTINEL_USERNAME =
      Key.optional("redis.sentinelusername", TEXT, "The ACL user at the sentinels.");
  private static final Key<Secret> SENTINEL_PASSWORD =
      Key.optional("redis.sentinelpassword", SECRET, "Its password. Never shown.");
  private static final Key<String> CLIENT_NAME =
      Key.of("redis.clientname", TEXT, "", "What Redis lists our connections as.");
  private static final Key<Duration> DIAL_TIMEOUT =
      Key.of(
          "redis.dialtimeout",
          DURATION,
          RedisConfig.DEFAULT_DIAL_TIMEOUT,
          "How long making a connection may take.");
  private static final Key<Duration> READ_TIMEOUT =
      Key.of(
          "redis.readtimeout",
          DURATION,
          RedisConfig.DEFAULT_READ_TIMEOUT,
          "How long a request waits for Redis before it asks the store.");
  private static final Key<Boolean> TLS_ENABLED =
      Key.of(TLS + ".enabled", BOOLEAN, false, "Encrypts; so does any other key of `redis.tls`.");
  private static final Key<Path> TLS_CERTIFICATE =
      Key.optional(TLS + ".certificate", PATH, "PEM file with the certificate that we show.");
  private static final Key<Path> TLS_KEY =
      Key.optional(TLS + ".key", PATH, "PEM file with its key, not encrypted.");
  private static final Key<List<Path>> TLS_ROOTS =
      Key.optional(
          TLS + ".rootcas",
          listOf(PATH),
          "PEM files with the authorities that Redis may have its certificate from; none: those of"
              + " the JDK.");
  private static final Key<List<Path>> TLS_CLIENT_CAS =
      new Key<>(
          TLS + ".clientcas",
          listOf(PATH),
          null,
          "Old name of `rootcas`.",
          new Support.OldName(TLS + ".rootcas"));

  static final List<SchemaEntry> ALL = all();

  private RedisKeys() {}

  private static List<SchemaEntry> all() {
    List<SchemaEntry> all =
        new ArrayList<>(
            List.of(
                ADDR,
                ADDRS,
                USERNAME,
                PASSWORD,
                DB,
                MASTER_NAME,
                SENTINEL_USERNAME,
                SENTINEL_PASSWORD,
                CLIENT_NAME,
                DIAL_TIMEOUT,
                READ_TIMEOUT,
                TLS_ENABLED,
                TLS_CERTIFICATE,
                TLS_KEY,
                TLS_ROOTS,
                TLS_CLIENT_CAS));
    addOfPools(all, INTEGER, "poolsize", "minidleconns", "maxidleconns", "maxactiveconns");
    addOfPools(all, INTEGER, "maxretries", "maxredirects", "protocol");
    addOfPools(all, DURATION, "writetimeout", "pooltimeout", "connmaxidletime", "connmaxlifetime");
    addOfPools(all, DURATION, "minretrybackoff", "maxretrybackoff");
    addOfPools(all, BOOLEAN, "poolfifo", "readonly", "routebylatency", "routerandomly");
    addOfPools(all, BOOLEAN, "contexttimeoutenabled");
    addOfPools(all, INTEGER, "pool.maxidle", "pool.maxactive");
    addOfPools(all, DURATION, "pool.idletimeout");
    return all;
  }

  private static void addOfPools(List<SchemaEntry> all, ValueType<?> type, String... names) {
    var noPool = new Support.NoEffect("one connection to each server carries all requests");
    Arrays.stream(names)
        .map(name -> new Key<>("redis." + name, type, null, "Tuning of connections.", noPool))
        .forEach(all::add);
  }

  /// Null where no cache is kept in Redis.
  static @Nullable RedisConfig read(Settings settings, DescriptorCache cache) {
    List<ListenAddress> addresses = addresses(settings);
    if (cache != DescriptorCache.REDIS) {
      if (!addresses.isEmpty()) {
        settings
            .report()
            .warning(
                settings.origin("redis"),
                "redis",
                "not used; set storage.cache.blobdescriptor to redis to have a cache there");
      }
      return null;
    }
    if (addresses.isEmpty()) {
      settings
          .report()
          .problem(
              settings.origin("storage.cache"),
              ADDR.path(),
              "missing; a cache in Redis needs redis.addr, or redis.addrs");
      return null;
    }
    return settings.<@Nullable RedisConfig>build(
        "redis",
        null,
        () ->
            new RedisConfig(
                addresses,
                login(settings, USERNAME, PASSWORD),
                settings.get(DB),
                sentinel(settings),
                tls(settings),
                settings.get(CLIENT_NAME),
                orDefault(settings.get(DIAL_TIMEOUT), RedisConfig.DEFAULT_DIAL_TIMEOUT),
                orDefault(settings.get(READ_TIMEOUT), RedisConfig.DEFAULT_READ_TIMEOUT)));
  }

  private static List<ListenAddress> addresses(Settings settings) {
    List<ListenAddress> several = settings.find(ADDRS);
    ListenAddress one = settings.find(ADDR);
    if (several != null && !several.isEmpty()) {
      return several;
    }
    return one == null ? List.of() : List.of(one);
  }

  private static Login login(Settings settings, Key<String> name, Key<Secret> password) {
    String username = settings.find(name);
    Secret given = settings.find(password);
    if (given != null && given.value().isEmpty()) {
      given = null;
    }
    if (username != null && !username.isEmpty() && given == null) {
      settings
          .report()
          .problem(settings.origin(name.path()), password.path(), "missing; a user needs it");
    }
    return new Login(username == null ? "" : username, given);
  }

  private static @Nullable Sentinel sentinel(Settings settings) {
    String master = settings.find(MASTER_NAME);
    return master == null || master.isEmpty()
        ? null
        : new Sentinel(master, login(settings, SENTINEL_USERNAME, SENTINEL_PASSWORD));
  }

  private static @Nullable Tls tls(Settings settings) {
    Path certificate = settings.find(TLS_CERTIFICATE);
    Path key = settings.find(TLS_KEY);
    List<Path> roots = new ArrayList<>();
    for (Key<List<Path>> files : List.of(TLS_ROOTS, TLS_CLIENT_CAS)) {
      List<Path> given = settings.find(files);
      roots.addAll(given == null ? List.of() : given);
    }
    if ((certificate == null) != (key == null)) {
      settings
          .report()
          .problem(
              settings.origin(TLS),
              (key == null ? TLS_KEY : TLS_CERTIFICATE).path(),
              "missing; a certificate and its key go together");
    }
    boolean wanted = settings.get(TLS_ENABLED) || certificate != null || !roots.isEmpty();
    return wanted ? new Tls(roots, certificate, key) : null;
  }

  private static Duration orDefault(Duration given, Duration fallback) {
    return given.isZero() ? fallback : given;
  }
}
