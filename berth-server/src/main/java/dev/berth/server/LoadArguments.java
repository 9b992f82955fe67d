package dev.berth.server;

import dev.berth.config.DataSize;
import dev.berth.config.load.GoDuration;
import dev.berth.oci.RepositoryName;
import dev.berth.server.load.LoadPlan;
import dev.berth.server.load.Urls;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The command line of `berth load`.
///
/// @param user empty for no login
/// @param ca the file of the authorities that are trusted; empty for those of the system
/// @param insecure whether any certificate will do
/// @param json where the report for programs goes
/// @param html where the page goes
record LoadArguments(
    URI url,
    LoadPlan plan,
    Optional<String> user,
    Optional<Path> ca,
    boolean insecure,
    Optional<Path> json,
    Optional<Path> html) {
  private static final Set<String> SWITCHES = Set.of("--insecure", "--keep");
  private static final Set<String> OPTIONS =
      Set.of(
          "--users",
          "--duration",
          "--repository",
          "--size",
          "--layers",
          "--pulls",
          "--user",
          "--ca",
          "--retry-for",
          "--think",
          "--json",
          "--html");

  private static final int MOST_USERS = 1000;
  private static final int MOST_LAYERS = 100;
  private static final int MOST_PULLS = 1000;
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final DataSize LARGEST = DataSize.ofMebibytes(10 * 1024L);

  /// So that `REPO/uN` is a name too.
  private static final int LONGEST_NAME = RepositoryName.MAX_LENGTH - "/u1000".length();

  /// Reads it.
  ///
  /// @throws IllegalArgumentException it makes no sense; the message says what to change
  static LoadArguments parse(List<String> arguments) {
    return new Reading(arguments).arguments();
  }

  private static final class Reading {
    private final Map<String, String> given = new HashMap<>();
    private String url = "";

    Reading(List<String> arguments) {
      for (int i = 0; i < arguments.size(); i++) {
        String word = arguments.get(i);
        if (SWITCHES.contains(word)) {
          put(word, "");
        } else if (OPTIONS.contains(word)) {
          i++;
          if (i == arguments.size()) {
            throw new IllegalArgumentException(word + " needs a value");
          }
          put(word, arguments.get(i));
        } else if (word.startsWith("-")) {
          throw new IllegalArgumentException("no option " + word);
        } else if (url.isEmpty()) {
          url = word;
        } else {
          throw new IllegalArgumentException("one URL is enough: " + url + ", " + word);
        }
      }
      if (url.isEmpty()) {
        throw new IllegalArgumentException(
            "the URL of a registry is missing, such as http://127.0.0.1:5000");
      }
    }

    private void put(String option, String value) {
      if (given.put(option, value) != null) {
        throw new IllegalArgumentException(option + " stands there twice");
      }
    }

    LoadArguments arguments() {
      LoadPlan plan =
          new LoadPlan(
              number("--users", 10, 1, MOST_USERS),
              time("--duration", "1m", Duration.ofMillis(1)),
              repository(),
              size(),
              number("--layers", 3, 1, MOST_LAYERS),
              number("--pulls", 4, 0, MOST_PULLS),
              time("--retry-for", "0s", Duration.ZERO),
              time("--think", "0s", Duration.ZERO),
              given.containsKey("--keep"));
      if (given.containsKey("--ca") && given.containsKey("--insecure")) {
        throw new IllegalArgumentException("--ca and --insecure exclude each other");
      }
      return new LoadArguments(
          url(),
          plan,
          user(),
          file("--ca"),
          given.containsKey("--insecure"),
          file("--json"),
          file("--html"));
    }

    private URI url() {
      URI uri;
      try {
        uri = Urls.parse(url.replaceFirst("/+$", ""));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            url + " is no URL of a registry; give one such as http://127.0.0.1:5000", e);
      }
      if (uri.getRawUserInfo() != null) {
        throw new IllegalArgumentException("a login does not belong in the URL; give --user NAME");
      }
      if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
        throw new IllegalArgumentException(url + ": give the URL without ? and #");
      }
      return uri;
    }

    private int number(String option, int standard, int least, int most) {
      String text = given.get(option);
      if (text == null) {
        return standard;
      }
      if (text.matches("[0-9]{1,6}")) {
        int value = Integer.parseInt(text);
        if (value >= least && value <= most) {
          return value;
        }
      }
      throw new IllegalArgumentException(
          option + " " + text + ": give a number from " + least + " to " + most);
    }

    private Duration time(String option, String standard, Duration least) {
      String text = given.getOrDefault(option, standard);
      try {
        Duration time = GoDuration.parse(text);
        boolean hasUnit = Character.isLetter(text.charAt(text.length() - 1));
        if (hasUnit && time.compareTo(least) >= 0 && time.compareTo(LONGEST) <= 0) {
          return time;
        }
      } catch (IllegalArgumentException e) {
        throw noTime(option, text, e);
      }
      throw noTime(option, text, null);
    }

    private static IllegalArgumentException noTime(
        String option, String text, @Nullable Throwable cause) {
      return new IllegalArgumentException(
          option + " " + text + ": give a time such as 30s, 1m30s or 2h, at most 24h", cause);
    }

    private RepositoryName repository() {
      String text = given.getOrDefault("--repository", "load");
      return RepositoryName.tryParse(text)
          .filter(name -> name.value().length() <= LONGEST_NAME)
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "--repository "
                          + text
                          + ": no name of a repository; give lower-case letters, digits and / of"
                          + " at most "
                          + LONGEST_NAME
                          + " characters"));
    }

    private DataSize size() {
      String text = given.getOrDefault("--size", "1MiB");
      try {
        DataSize size = DataSize.parse(text);
        if (size.bytes() > 0 && size.compareTo(LARGEST) <= 0) {
          return size;
        }
      } catch (IllegalArgumentException e) {
        throw noSize(text, e);
      }
      throw noSize(text, null);
    }

    private static IllegalArgumentException noSize(String text, @Nullable Throwable cause) {
      return new IllegalArgumentException(
          "--size " + text + ": give a size such as 64KiB or 10MB, from 1 to " + LARGEST, cause);
    }

    private Optional<String> user() {
      String name = given.get("--user");
      if (name != null && (name.isEmpty() || name.contains(":"))) {
        throw new IllegalArgumentException(
            "--user takes a name without a colon; the password is read from standard input");
      }
      return Optional.ofNullable(name);
    }

    private Optional<Path> file(String option) {
      String name = given.get(option);
      if (name == null) {
        return Optional.empty();
      }
      try {
        return Optional.of(Path.of(name));
      } catch (InvalidPathException e) {
        throw new IllegalArgumentException(option + ": no name of a file", e);
      }
    }
  }
}
