package dev.berth.server.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How the protocol is served.
///
/// @param prefix `http.prefix`: the path in front of `/v2/`; empty or `/` for none
/// @param host `http.host`: the base of every location, absolute, for example
///   `https://images.example.com/`
/// @param relativeUrls `http.relativeurls`: locations without scheme and host, or as the request
///   says; empty for as proxies say, else without; `host` wins over it
/// @param headers `http.headers`: more fields for the answers of known paths
/// @param readOnly `storage.maintenance.readonly`: verbs that change something are unknown
/// @param limits what is refused because it is too much
public record HttpSettings(
    String prefix,
    Optional<String> host,
    Optional<Boolean> relativeUrls,
    Map<String, List<String>> headers,
    boolean readOnly,
    Limits limits) {

  /// As without configuration.
  public static final HttpSettings DEFAULT =
      new HttpSettings("/", Optional.empty(), Optional.empty(), Map.of(), false, Limits.DEFAULT);

  public HttpSettings {
    headers = Map.copyOf(new LinkedHashMap<>(headers));
  }

  /// Upper bounds.
  ///
  /// @param manifestBytes the largest manifest that is taken
  /// @param manifestBytesInFlight manifest bodies held in memory at one time; a push that does not
  ///   fit waits a moment and is then told to come again
  /// @param catalogMaxEntries `catalog.maxentries`: the largest `n` of the catalog
  /// @param referrersBytes the largest referrers list in one answer; longer ones are paged
  public record Limits(
      int manifestBytes, int manifestBytesInFlight, int catalogMaxEntries, int referrersBytes) {
    private static final int MIB = 1 << 20;

    /// 4 MiB is what 2.8.2 takes and the specification asks for; clients read no larger index
    /// either. 32 MiB in flight leaves room in a 128 MiB container. 1000 is 2.8.2's
    /// `catalog.maxentries`.
    public static final Limits DEFAULT = new Limits(4 * MIB, 32 * MIB, 1000, 4 * MIB);

    public Limits {
      if (manifestBytes < 1 || manifestBytesInFlight < manifestBytes) {
        throw new IllegalArgumentException(
            "manifestBytes must be 1 or more, manifestBytesInFlight no less than that");
      }
      if (catalogMaxEntries < 1 || referrersBytes < 1) {
        throw new IllegalArgumentException(
            "catalogMaxEntries and referrersBytes must be 1 or more");
      }
    }
  }
}
