package dev.berth.server.health;

import java.time.Duration;

/// Something that is looked at again and again.
///
/// @param name as registry 2.8.2 names it, for example `storagedriver_filesystem`
/// @param threshold so many failures in a row mean that the registry is not well, 1 or more
/// @param look throws where something is wrong; may block, may even never return
public record HealthCheck(String name, Duration interval, int threshold, Look look) {
  /// One look.
  @FunctionalInterface
  public interface Look {
    /// Looks once.
    ///
    /// @throws Exception what is wrong, in its message
    void check() throws Exception;
  }
}
