package dev.berth.server.health;

import java.time.Duration;

/// Something that is looked at again and again.
///
/// @param name as registry 2.8.2 names it, for example `storagedriver_filesystem`
/// @param threshold so many failures in a row mean that the registry is not well, 1 or more
/// @param limit a look that takes longer is as bad as one that fails
/// @param look throws where something is wrong; may block, may even never return
public record HealthCheck(
    String name, Duration interval, int threshold, Duration limit, Look look) {
  /// Where nothing else is known: the volume hangs, or whatever is looked at.
  public static final Duration LIMIT = Duration.ofSeconds(10);

  /// One look.
  @FunctionalInterface
  public interface Look {
    /// Looks once.
    ///
    /// @throws Exception what is wrong, in its message
    void check() throws Exception;
  }
}
