package dev.berth.config;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The listener and how answers are addressed.
///
/// @param prefix path under which the API stands; begins and ends with `/`
/// @param host the address that clients see, put before each `Location`; wins over forwarded
///   headers and over `relativeUrls`; absent means: taken from the request
/// @param secret signs the state of uploads; absent means: the one kept in the store
/// @param relativeUrls `Location` is a path without scheme and host, or never such; absent for such
///   where no proxy says by what address clients come
/// @param drainTimeout how long a stop waits for requests in flight; 0 waits for none, null for as
///   long as suits where it runs
/// @param headers added to each answer of the API
/// @param tls absent for none
/// @param debug the second listener; absent for none
public record HttpConfig(
    ListenAddress addr,
    String prefix,
    @Nullable URI host,
    @Nullable Secret secret,
    @Nullable Boolean relativeUrls,
    @Nullable Duration drainTimeout,
    Map<String, List<String>> headers,
    @Nullable TlsConfig tls,
    @Nullable DebugConfig debug) {
  private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern PREFIX = Pattern.compile("/([A-Za-z0-9._~-]+/)*");

  public static final HttpConfig DEFAULTS =
      new HttpConfig(
          new ListenAddress("", 5000), "/", null, null, null, null, Map.of(), null, null);

  public HttpConfig {
    if (!PREFIX.matcher(prefix).matches()) {
      throw new InvalidSetting("prefix", "\"" + prefix + "\" is no path; give one like /my/path/");
    }
    checkHost(host);
    if (secret != null && secret.value().isEmpty()) {
      throw new InvalidSetting("secret", "the secret is empty; give at least one character");
    }
    if (drainTimeout != null) {
      Bounds.notNegative("drainTimeout", drainTimeout);
    }
    headers = checked(headers);
  }

  private static void checkHost(@Nullable URI host) {
    if (host == null) {
      return;
    }
    String scheme = host.getScheme();
    if (host.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new InvalidSetting(
          "host",
          "\"" + host + "\" is no base address; give one like https://registry.example.com");
    }
  }

  private static Map<String, List<String>> checked(Map<String, List<String>> headers) {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    headers.forEach(
        (name, values) -> {
          if (!HEADER_NAME.matcher(name).matches()) {
            throw new InvalidSetting("headers", "\"" + name + "\" cannot be the name of a header");
          }
          for (String value : values) {
            if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
              throw new InvalidSetting(
                  "headers", "the value of " + name + " holds a control character; take it out");
            }
          }
          copy.put(name, List.copyOf(values));
        });
    return Collections.unmodifiableMap(copy);
  }
}
