package dev.berth.server;

import dev.berth.config.DataSize;
import dev.berth.config.load.ConfigLoader;
import dev.berth.server.doctor.Cluster;
import dev.berth.server.doctor.DoctorReport;
import dev.berth.server.doctor.Inside;
import dev.berth.server.doctor.Outside;
import dev.berth.server.doctor.Target;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Says what is wrong with an installation. Exit status 1 where something does not work.
final class DoctorCommand implements Command {
  private static final String FORM =
      "berth doctor [CONFIG] [--url URL] [--user NAME] [--ca FILE] [--cluster FILE|-]"
          + " [--largest 64MiB] [--json]";
  private static final Set<String> WITH_VALUE =
      Set.of("--url", "--user", "--ca", "--cluster", "--largest");
  private static final String LARGEST = "64MiB";
  private static final String STANDARD_INPUT = "-";

  /// What is wrong with the command line.
  private static final class Unclear extends Exception {
    private static final long serialVersionUID = 1L;

    Unclear(String message) {
      super(message);
    }
  }

  /// @param file of the configuration; null for none
  /// @param options their values, by their names
  private record Line(@Nullable String file, Map<String, String> options, boolean json) {
    static Line parse(List<String> arguments) throws Unclear {
      String file = null;
      Map<String, String> options = new HashMap<>();
      boolean json = false;
      for (int i = 0; i < arguments.size(); i++) {
        String word = arguments.get(i);
        if (word.equals("--json")) {
          json = true;
        } else if (WITH_VALUE.contains(word)) {
          i++;
          if (i == arguments.size()) {
            throw new Unclear(word + " needs a value: " + FORM);
          }
          if (options.put(word, arguments.get(i)) != null) {
            throw new Unclear(word + " is given twice");
          }
        } else if (word.startsWith("-") || file != null) {
          throw new Unclear("doctor does not know \"" + word + "\": " + FORM);
        } else {
          file = word;
        }
      }
      return new Line(file, options, json);
    }

    Optional<String> find(String option) {
      return Optional.ofNullable(options.get(option));
    }
  }

  @Override
  public int run(Console console, List<String> arguments) {
    Line line;
    Optional<Target> target;
    Optional<String> cluster;
    try {
      line = Line.parse(arguments);
      cluster = line.find("--cluster");
      if (cluster.isPresent() && !cluster.get().equals(STANDARD_INPUT)) {
        Path _ = readable("--cluster", cluster.get());
      }
      target = target(line, console.password());
    } catch (Unclear e) {
      return console.fail(Console.USAGE, String.valueOf(e.getMessage()));
    }
    var report = new DoctorReport(console.out(), line.json());
    List<String> file = line.file() == null ? List.of() : List.of(line.file());
    boolean asked = target.isPresent() || cluster.isPresent();
    if (!asked || !Sources.isBuiltIn(console, file)) {
      new Inside(console.clock(), console.environment(), target.map(Target::url))
          .examine(
              () -> ConfigLoader.load(Sources.choose(console, file), console.environment()),
              report);
    }
    target.ifPresent(each -> new Outside(each, console.clock()).examine(report));
    try {
      if (cluster.isPresent()) {
        examine(cluster.get(), console.input(), report);
      }
    } catch (IOException e) {
      return console.fail(Console.FAILED, "cannot read " + cluster.orElse("") + ": " + e);
    }
    return report.end() ? Console.OK : Console.FAILED;
  }

  private static void examine(String name, InputStream in, DoctorReport report) throws IOException {
    if (name.equals(STANDARD_INPUT)) {
      new Cluster().examine("standard input", in, report);
      return;
    }
    try (InputStream file = Files.newInputStream(Path.of(name))) {
      new Cluster().examine(name, file, report);
    }
  }

  private static Optional<Target> target(Line line, Supplier<String> password) throws Unclear {
    long largest = largest(line.find("--largest").orElse(LARGEST));
    Optional<String> url = line.find("--url");
    if (url.isEmpty()) {
      for (String option : List.of("--user", "--ca", "--largest")) {
        if (line.find(option).isPresent()) {
          throw new Unclear(option + " says how to look at a URL: give --url, too");
        }
      }
      return Optional.empty();
    }
    URI parsed =
        Target.parse(url.get())
            .orElseThrow(
                () ->
                    new Unclear(
                        "\""
                            + url.get()
                            + "\" is no URL; give one like https://registry.example.com"));
    String user = line.find("--user").orElse(null);
    if (user != null && line.find("--cluster").filter(STANDARD_INPUT::equals).isPresent()) {
      throw new Unclear(
          "--user and --cluster - both read standard input: give --cluster a file, or run it twice");
    }
    Optional<String> authorities = line.find("--ca");
    Path ca = authorities.isPresent() ? readable("--ca", authorities.get()) : null;
    return Optional.of(new Target(parsed, user, password, ca, largest));
  }

  private static Path readable(String option, String name) throws Unclear {
    try {
      if (Files.isReadable(Path.of(name))) {
        return Path.of(name);
      }
    } catch (InvalidPathException e) {
      // As one that is not there.
    }
    throw new Unclear(option + ": " + name + " is not there, or cannot be read");
  }

  private static long largest(String text) throws Unclear {
    try {
      long bytes = DataSize.parse(text).bytes();
      if (bytes > 0) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new Unclear("\"" + text + "\" is no size; give --largest one like 64MiB");
  }
}
