package dev.berth.server.doctor;

import dev.berth.config.load.ConfigLoader;
import dev.berth.config.load.ConfigSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything inside, by a configuration.
final class InsideLooking {
  private InsideLooking() {}

  static List<String> at(String config, Path folder, Map<String, String> environment) {
    List<Finding> told = new ArrayList<>();
    try {
      Path file = Files.writeString(folder.resolve("config.yml"), config);
      new Inside(InstantSource.system(), environment, Optional.empty())
          .examine(() -> ConfigLoader.load(ConfigSource.file(file), environment), told::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Looking.lines(told);
  }
}
