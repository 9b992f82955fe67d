package dev.berth.config;

import java.nio.file.Path;

/// Images in a directory, laid out as registry 2.8.2 lays them out.
///
/// @param rootDirectory the folder that holds `docker/registry/v2`; a relative one is below the
///   working directory
public record FilesystemStorage(Path rootDirectory) implements DriverConfig {
  public static final FilesystemStorage DEFAULTS =
      new FilesystemStorage(Path.of("/var/lib/registry"));
}
