package dev.berth.config.load;

import static dev.berth.config.load.ValueTypes.ADDRESS;
import static dev.berth.config.load.ValueTypes.ADDRESS_URI;
import static dev.berth.config.load.ValueTypes.BOOLEAN;
import static dev.berth.config.load.ValueTypes.DURATION;
import static dev.berth.config.load.ValueTypes.HEADERS;
import static dev.berth.config.load.ValueTypes.SECRET;
import static dev.berth.config.load.ValueTypes.TEXT;

import dev.berth.config.DebugConfig;
import dev.berth.config.HttpConfig;
import dev.berth.config.ListenAddress;
import dev.berth.config.Secret;
import dev.berth.config.TlsConfig;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Keys under `http` that work.
final class HttpKeys {
  private static final HttpConfig DEFAULTS = HttpConfig.DEFAULTS;
  private static final Key<ListenAddress> ADDR =
      Key.of("http.addr", ADDRESS, DEFAULTS.addr(), "Where the registry listens.");
  private static final Key<String> PREFIX =
      Key.of(
          "http.prefix",
          TEXT,
          DEFAULTS.prefix(),
          "Path under which the API stands; begins and ends with `/`.");
  private static final Key<URI> HOST =
      Key.optional(
          "http.host",
          ADDRESS_URI,
          "The address that clients see; wins over forwarded headers and `relativeurls`. Without it the"
              + " request says.");
  private static final Key<Secret> SECRET_KEY =
      Key.optional(
          "http.secret",
          SECRET,
          "Signs the state of uploads. Without it one is kept in the store, in `berth/secret`.");
  private static final Key<Boolean> RELATIVE_URLS =
      Key.optional(
          "http.relativeurls",
          BOOLEAN,
          "Gives `Location` as a path without scheme and host; `false` takes them from the request's"
              + " `Host`, as 2.8.2 does. Without it: a path, unless a proxy says otherwise.");
  private static final Key<Duration> DRAIN_TIMEOUT =
      Key.optional(
          "http.draintimeout",
          DURATION,
          "How long a stop waits for requests in flight; 0 waits for none. Without it: 20 s under"
              + " Kubernetes, else 5 s.");
  private static final Key<Map<String, List<String>>> HEADER_FIELDS =
      Key.of("http.headers", HEADERS, DEFAULTS.headers(), "Added to each answer of the API.");

  static final List<SchemaEntry> ALL =
      List.of(ADDR, PREFIX, HOST, SECRET_KEY, RELATIVE_URLS, DRAIN_TIMEOUT, HEADER_FIELDS);

  private HttpKeys() {}

  static HttpConfig read(Settings settings) {
    TlsConfig tls = TlsKeys.read(settings);
    DebugConfig debug = DebugKeys.read(settings);
    return settings.build(
        "http",
        DEFAULTS,
        () ->
            new HttpConfig(
                settings.get(ADDR),
                withSlash(settings.get(PREFIX)),
                settings.find(HOST),
                settings.find(SECRET_KEY),
                settings.find(RELATIVE_URLS),
                settings.find(DRAIN_TIMEOUT),
                settings.get(HEADER_FIELDS),
                tls,
                debug));
  }

  /// Registry 2.8.2 takes a prefix without the slash at its end as well.
  private static String withSlash(String prefix) {
    return prefix.endsWith("/") ? prefix : prefix + "/";
  }
}
