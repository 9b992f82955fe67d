package dev.berth.config;

import java.util.List;

/// Which URLs the foreign layers of a pushed manifest may have. The URL must be http or https in
/// any case; that is for the caller to see to.
///
/// @param restricted only what `allow` and `deny` let through; without it every URL is fine
/// @param allow one of these must match; none of them given and none in `deny` either lets nothing
///   through
/// @param deny none of these may match
public record ValidationConfig(boolean restricted, List<UrlPattern> allow, List<UrlPattern> deny) {
  public static final ValidationConfig DEFAULTS = new ValidationConfig(false, List.of(), List.of());

  public ValidationConfig {
    allow = List.copyOf(allow);
    deny = List.copyOf(deny);
  }

  /// Whether a foreign layer may name this URL.
  public boolean allows(String url) {
    if (!restricted) {
      return true;
    }
    if (allow.isEmpty() && deny.isEmpty()) {
      return false;
    }
    boolean wanted = allow.isEmpty() || allow.stream().anyMatch(p -> p.matches(url));
    return wanted && deny.stream().noneMatch(p -> p.matches(url));
  }
}
