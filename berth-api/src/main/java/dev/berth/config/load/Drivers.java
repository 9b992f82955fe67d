package dev.berth.config.load;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What is said about storage drivers that cannot be used.
final class Drivers {
  private static final Set<String> LATER = Set.of("s3", "s3aws", "s3goamz", "azure", "gcs");
  private static final Set<String> NEVER = Set.of("swift", "oss");

  private Drivers() {}

  /// A name under `storage` and where it stands.
  record Named(String name, Origin where) {}

  static String several(List<Named> drivers) {
    String names =
        drivers.stream()
            .map(d -> d.name() + " (" + d.where() + ")")
            .collect(Collectors.joining(" and "));
    return "more than one storage driver: " + names + "; keep one";
  }

  static String refusal(String name) {
    if (LATER.contains(name)) {
      return "this kind of storage is not supported yet; use storage.filesystem";
    }
    if (NEVER.contains(name)) {
      return "this kind of storage is not supported and will not be; use storage.filesystem";
    }
    return "no storage driver has this name (known: filesystem, inmemory; nearest: "
        + Nearest.of(
            name, List.of("filesystem", "inmemory", "delete", "cache", "maintenance", "redirect"))
        + ")";
  }
}
