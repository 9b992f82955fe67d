package dev.berth.config;

import java.time.Duration;

/// Throwing away uploads that nobody finished.
///
/// @param age uploads begun longer ago than this are thrown away
/// @param interval time from one round to the next
/// @param dryRun only log what would be thrown away
public record UploadPurging(boolean enabled, Duration age, Duration interval, boolean dryRun) {
  public static final UploadPurging DEFAULTS =
      new UploadPurging(true, Duration.ofHours(168), Duration.ofHours(24), false);

  public UploadPurging {
    Bounds.positive("age", age);
    Bounds.positive("interval", interval);
  }
}
