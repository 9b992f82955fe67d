package dev.berth.config;

/// Whether and where it is written down who pushed, pulled and deleted what.
///
/// @param path a file, or `-` for standard output; empty for nowhere
/// @param pulls whether pulls are written down too
public record AuditConfig(String path, boolean pulls) {
  public static final AuditConfig DEFAULTS = new AuditConfig("", true);
}
