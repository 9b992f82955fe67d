package dev.berth.server;

import dev.berth.config.BerthConfig;
import dev.berth.config.DriverConfig;
import dev.berth.config.FilesystemStorage;
import dev.berth.config.ListenAddress;
import dev.berth.config.MemoryStorage;

/// What a person sees who typed `berth serve` and nothing else.
final class Banner {
  private Banner() {}

  static String of(BerthConfig config, ListenAddress address, String version) {
    String image = reachable(address) + config.http().prefix().substring(1) + "/alpine";
    return """
        Berth %s serves images.
          address    http://%s
          directory  %s
          access     no login; %s
        To push an image and pull it back, type:
          docker pull alpine && docker tag alpine %s && docker push %s
          docker pull %s
        """
        .formatted(
            version,
            reachable(address),
            directory(config.storage().driver()),
            config.storage().deleteEnabled() ? "delete is enabled" : "delete is not enabled",
            image,
            image,
            image);
  }

  /// Where the images are.
  static String directory(DriverConfig driver) {
    return switch (driver) {
      case FilesystemStorage f -> f.rootDirectory().toAbsolutePath().normalize().toString();
      case MemoryStorage _ -> "in memory";
    };
  }

  /// An address for a client on this machine. Docker takes plain HTTP from names of the machine
  /// itself.
  private static String reachable(ListenAddress address) {
    boolean everywhere =
        address.host().isEmpty()
            || address.host().equals("0.0.0.0")
            || address.host().contains(":");
    return (everywhere ? "localhost" : address.host()) + ":" + address.port();
  }
}
