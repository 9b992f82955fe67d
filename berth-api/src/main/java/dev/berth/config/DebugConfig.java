package dev.berth.config;

/// The second listener, for operators: health, probes and metrics, without logins.
///
/// @param prometheus whether metrics are given
/// @param prometheusPath where; begins with `/`
public record DebugConfig(ListenAddress addr, boolean prometheus, String prometheusPath) {
  /// Where registry 2.8.2 gives them.
  public static final String DEFAULT_PATH = "/metrics";

  public DebugConfig {
    if (!prometheusPath.startsWith("/") || prometheusPath.indexOf('?') >= 0) {
      throw new InvalidSetting(
          "prometheus.path", "\"" + prometheusPath + "\" is no path; give one like /metrics");
    }
  }
}
