package dev.berth.server.http;

import dev.berth.oci.wire.OciRequest;
import dev.berth.oci.wire.OciRoutes;
import dev.berth.server.engine.HttpHeaders;
import dev.berth.server.engine.RequestHead;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a client reaches this registry: what stands before `/v2/` in a location.
///
/// In order: `http.host`; nothing but the prefix with `relativeurls`; else what the request says,
/// `Forwarded` (RFC 7239) before `X-Forwarded-Proto` and `X-Forwarded-Host` before `Host`, as
/// registry 2.8.2 does. Of several values the first counts. What is no scheme or host is not
/// repeated to the client: then the location is relative.
///
/// It is relative too where `relativeurls` is not set and no proxy says anything: one that ends TLS
/// and is silent about it would else have its clients sent to `http`.
final class ExternalUrl {
  private static final String HOST_MARKS = "-._~:[]%";

  private final @Nullable String fixedBase;
  private final @Nullable String fixedOrigin;
  private final String prefixPath;

  /// Whether `Host` counts where no proxy says anything.
  private final boolean believesHost;

  /// @param prefixPath the configured prefix without its last slash
  /// @throws IllegalArgumentException `host` is set and no absolute URL
  ExternalUrl(Optional<String> host, Optional<Boolean> relative, String prefixPath) {
    this.prefixPath = prefixPath;
    this.believesHost = relative.isPresent();
    this.fixedBase =
        host.filter(text -> !text.isBlank())
            .map(ExternalUrl::base)
            .orElse(relative.orElse(false) ? prefixPath : null);
    this.fixedOrigin = host.filter(text -> !text.isBlank()).map(ExternalUrl::originOf).orElse(null);
  }

  /// Up to the last slash of the URL, without it: `https://x/my/v2` is under `https://x/my`.
  private static String base(String host) {
    URI uri = URI.create(host);
    if (uri.getScheme() == null || uri.getRawAuthority() == null) {
      throw new IllegalArgumentException("http.host must be an absolute URL: " + host);
    }
    String path = Optional.ofNullable(uri.getRawPath()).orElse("");
    int slash = path.lastIndexOf('/');
    return originOf(host) + (slash < 0 ? "" : path.substring(0, slash));
  }

  private static String originOf(String host) {
    URI uri = URI.create(host);
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }

  /// The URL that a client uses for `request`.
  ///
  /// @param head the request that is being answered
  String of(OciRequest request, RequestHead head) {
    return base(head) + OciRoutes.format(request);
  }

  /// The URL of `request` for others than the client that asks: with scheme and host, if need be
  /// those that this client used.
  String absolute(OciRequest request, RequestHead head) {
    String base = fixedBase == null || fixedBase.equals(prefixPath) ? told(head) : fixedBase;
    return base + OciRoutes.format(request);
  }

  /// What to put before a path that begins with `/v2/`.
  private String base(RequestHead head) {
    if (fixedBase != null) {
      return fixedBase;
    }
    HttpHeaders headers = head.headers();
    boolean told =
        believesHost
            || headers.first("Forwarded").isPresent()
            || headers.first("X-Forwarded-Proto").isPresent()
            || headers.first("X-Forwarded-Host").isPresent();
    return told ? told(head) : prefixPath;
  }

  private String told(RequestHead head) {
    return said(head, head.secure() ? "https" : "http").map(o -> o + prefixPath).orElse(prefixPath);
  }

  /// Scheme and host under which the client knows this server. Where nothing names a scheme it is
  /// `https`, for what a login is sent to. Empty where the request names no host that can be one.
  Optional<String> origin(RequestHead head) {
    return fixedOrigin != null ? Optional.of(fixedOrigin) : said(head, "https");
  }

  private static Optional<String> said(RequestHead head, String unsaidScheme) {
    String scheme = unsaidScheme;
    String host = null;
    HttpHeaders headers = head.headers();
    Optional<String> forwarded = headers.first("Forwarded");
    if (forwarded.isPresent()) {
      Forwarded first = Forwarded.parse(forwarded.get());
      scheme = first.proto().orElse(scheme);
      host = first.host().orElse(null);
    } else {
      scheme = headers.first("X-Forwarded-Proto").map(ExternalUrl::firstItem).orElse(scheme);
      host = headers.first("X-Forwarded-Host").map(ExternalUrl::firstItem).orElse(null);
    }
    if (host == null) {
      host = headers.first("Host").orElse("");
    }
    return isScheme(scheme) && isHost(host)
        ? Optional.of(scheme.toLowerCase(Locale.ROOT) + "://" + host)
        : Optional.empty();
  }

  /// The part before the first comma.
  static String firstItem(String list) {
    int comma = list.indexOf(',');
    return (comma < 0 ? list : list.substring(0, comma)).strip();
  }

  private static boolean isScheme(String text) {
    return text.equalsIgnoreCase("http") || text.equalsIgnoreCase("https");
  }

  private static boolean isHost(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letterOrDigit =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!letterOrDigit && HOST_MARKS.indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
