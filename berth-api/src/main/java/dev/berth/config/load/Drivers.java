package dev.berth.config.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The names of storage drivers, and what is said about those that cannot be used.
final class Drivers {
  /// The drivers that there are. A test looks that each kind of [dev.berth.config.DriverConfig] can
  /// be had by one of these names.
  static final List<String> KNOWN = List.of("filesystem", "inmemory");

  private static final Set<String> LATER = Set.of("s3", "s3aws", "s3goamz", "azure", "gcs");
  private static final Set<String> NEVER = Set.of("swift", "oss");

  private Drivers() {}

  /// A name under `storage` and where it stands.
  record Named(String name, Origin where) {}

  /// Whether there is, was or will be such a driver.
  static boolean isKnown(Named driver) {
    String name = driver.name();
    return KNOWN.contains(name) || LATER.contains(name) || NEVER.contains(name);
  }

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
    List<String> near = new ArrayList<>(KNOWN);
    near.addAll(List.of("delete", "cache", "maintenance", "redirect"));
    return "no storage driver has this name (known: "
        + String.join(", ", KNOWN)
        + "; nearest: "
        + Nearest.of(name, near)
        + ")";
  }
}
