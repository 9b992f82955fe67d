package dev.berth.config.load;

import static dev.berth.config.load.ValueTypes.ADDRESS;
import static dev.berth.config.load.ValueTypes.BOOLEAN;
import static dev.berth.config.load.ValueTypes.DURATION;
import static dev.berth.config.load.ValueTypes.INTEGER;
import static dev.berth.config.load.ValueTypes.PATH;
import static dev.berth.config.load.ValueTypes.PROBED_URI;
import static dev.berth.config.load.ValueTypes.SECRET_HEADERS;

import dev.berth.config.HealthConfig;
import dev.berth.config.HealthConfig.FileCheck;
import dev.berth.config.HealthConfig.HttpCheck;
import dev.berth.config.HealthConfig.StorageCheck;
import dev.berth.config.HealthConfig.TcpCheck;
import dev.berth.config.ListenAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keys under `health`. As in registry 2.8.2 an interval or a threshold of 0 stands for the
/// default.
final class HealthKeys {
  private static final StorageCheck STORAGE = StorageCheck.DEFAULTS;
  private static final int OK = 200;

  private static final Key<Boolean> ENABLED =
      Key.of(
          "health.storagedriver.enabled",
          BOOLEAN,
          STORAGE.enabled(),
          "Looks at the root of the store; while that fails, `/` and writes answer 503.");
  private static final Key<Duration> INTERVAL =
      Key.of(
          "health.storagedriver.interval",
          DURATION,
          STORAGE.interval(),
          "Time from one look to the next.");
  private static final Key<Integer> THRESHOLD =
      Key.of(
          "health.storagedriver.threshold",
          INTEGER,
          STORAGE.threshold(),
          "Failures in a row that make the registry unwell.");

  private static final Section FILES =
      new Section("health.file[]", "Unwell while a file exists.", Support.SUPPORTED);
  private static final Key<Path> FILE = Key.part("health.file[].file", PATH, "The file.");
  private static final Key<Duration> FILE_INTERVAL = interval("health.file[]");
  private static final Key<Integer> FILE_THRESHOLD = threshold("health.file[]");

  private static final Section HTTPS =
      new Section("health.http[]", "Unwell while a HEAD request fails.", Support.SUPPORTED);
  private static final Key<URI> HTTP_URI =
      Key.part(
          "health.http[].uri",
          PROBED_URI,
          "The URL. Neither a login in it nor what stands behind `?` is shown.");
  private static final Key<Map<String, List<String>>> HTTP_HEADERS =
      Key.part("health.http[].headers", SECRET_HEADERS, "Sent with the request.");
  private static final Key<Integer> HTTP_STATUS =
      Key.part("health.http[].statuscode", INTEGER, "The status that is well.");
  private static final Key<Duration> HTTP_TIMEOUT = timeout("health.http[]");
  private static final Key<Duration> HTTP_INTERVAL = interval("health.http[]");
  private static final Key<Integer> HTTP_THRESHOLD = threshold("health.http[]");

  private static final Section TCPS =
      new Section("health.tcp[]", "Unwell while nothing answers at an address.", Support.SUPPORTED);
  private static final Key<ListenAddress> TCP_ADDR =
      Key.part("health.tcp[].addr", ADDRESS, "The address.");
  private static final Key<Duration> TCP_TIMEOUT = timeout("health.tcp[]");
  private static final Key<Duration> TCP_INTERVAL = interval("health.tcp[]");
  private static final Key<Integer> TCP_THRESHOLD = threshold("health.tcp[]");

  static final List<SchemaEntry> ALL =
      List.of(
          ENABLED,
          INTERVAL,
          THRESHOLD,
          FILES,
          FILE,
          FILE_INTERVAL,
          FILE_THRESHOLD,
          HTTPS,
          HTTP_URI,
          HTTP_HEADERS,
          HTTP_STATUS,
          HTTP_TIMEOUT,
          HTTP_INTERVAL,
          HTTP_THRESHOLD,
          TCPS,
          TCP_ADDR,
          TCP_TIMEOUT,
          TCP_INTERVAL,
          TCP_THRESHOLD);

  private HealthKeys() {}

  private static Key<Duration> interval(String list) {
    return Key.part(list + ".interval", DURATION, "Time from one look to the next.");
  }

  private static Key<Duration> timeout(String list) {
    return Key.part(list + ".timeout", DURATION, "How long one look may take.");
  }

  private static Key<Integer> threshold(String list) {
    return Key.part(list + ".threshold", INTEGER, "Failures in a row that count.");
  }

  static HealthConfig read(Settings settings) {
    StorageCheck storage =
        settings.build(
            "health.storagedriver",
            STORAGE,
            () ->
                new StorageCheck(
                    settings.get(ENABLED),
                    interval(settings.get(INTERVAL)),
                    threshold(settings.get(THRESHOLD))));
    List<FileCheck> files = new ArrayList<>();
    settings.items("health.file").forEach(item -> add(files, fileCheck(item)));
    List<HttpCheck> https = new ArrayList<>();
    settings.items("health.http").forEach(item -> add(https, httpCheck(item)));
    List<TcpCheck> tcps = new ArrayList<>();
    settings.items("health.tcp").forEach(item -> add(tcps, tcpCheck(item)));
    return new HealthConfig(storage, files, https, tcps);
  }

  private static @Nullable FileCheck fileCheck(Settings item) {
    Path file = item.find(FILE);
    if (file == null) {
      missing(item, FILE);
      return null;
    }
    return item.<@Nullable FileCheck>build(
        "health.file[]",
        null,
        () ->
            new FileCheck(
                file, interval(item.find(FILE_INTERVAL)), threshold(item.find(FILE_THRESHOLD))));
  }

  private static @Nullable HttpCheck httpCheck(Settings item) {
    URI uri = item.find(HTTP_URI);
    if (uri == null) {
      missing(item, HTTP_URI);
      return null;
    }
    return item.<@Nullable HttpCheck>build(
        "health.http[]",
        null,
        () ->
            new HttpCheck(
                uri,
                orElse(item.find(HTTP_HEADERS), Map.of()),
                orElse(item.find(HTTP_STATUS), OK),
                orElse(item.find(HTTP_TIMEOUT), Duration.ZERO),
                interval(item.find(HTTP_INTERVAL)),
                threshold(item.find(HTTP_THRESHOLD))));
  }

  private static @Nullable TcpCheck tcpCheck(Settings item) {
    ListenAddress addr = item.find(TCP_ADDR);
    if (addr == null) {
      missing(item, TCP_ADDR);
      return null;
    }
    return item.<@Nullable TcpCheck>build(
        "health.tcp[]",
        null,
        () ->
            new TcpCheck(
                addr,
                orElse(item.find(TCP_TIMEOUT), Duration.ZERO),
                interval(item.find(TCP_INTERVAL)),
                threshold(item.find(TCP_THRESHOLD))));
  }

  private static void missing(Settings item, Key<?> key) {
    if (item.node(key.path()) == null) {
      item.report().problem(item.root().origin(), key.path(), "missing; give it");
    }
  }

  private static <T> void add(List<T> list, @Nullable T check) {
    if (check != null) {
      list.add(check);
    }
  }

  private static <T> T orElse(@Nullable T value, T fallback) {
    return value == null ? fallback : value;
  }

  private static Duration interval(@Nullable Duration given) {
    return given == null || given.isZero() ? STORAGE.interval() : given;
  }

  private static int threshold(@Nullable Integer given) {
    return given == null || given == 0 ? STORAGE.threshold() : given;
  }
}
