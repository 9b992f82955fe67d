package dev.berth.server.token;

import dev.berth.server.auth.Need;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What a verified token says.
///
/// @param subject who it was given to; may be empty
/// @param notBefore from when on it is good
/// @param expires until when
/// @param actions what it allows on each thing
record Claims(
    String subject, Instant notBefore, Instant expires, Map<Resource, Set<String>> actions) {
  /// How far the clocks of the two servers may differ; that of registry 2.8.2.
  static final Duration LEEWAY = Duration.ofSeconds(60);

  /// All actions on a thing.
  private static final String ALL = "*";

  /// What rights are for: `repository` and its name, or `registry` and `catalog`.
  record Resource(String type, String name) {}

  Claims {
    actions =
        actions.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, entry -> Set.copyOf(new HashSet<>(entry.getValue()))));
  }

  /// @throws InvalidToken it is too early or too late
  void checkTime(Instant now) throws InvalidToken {
    if (now.isAfter(expires.plus(LEEWAY))) {
      throw new InvalidToken("it has expired");
    }
    if (now.isBefore(notBefore.minus(LEEWAY))) {
      throw new InvalidToken("it is not good yet");
    }
  }

  boolean allows(List<Need> needs) {
    return needs.stream().allMatch(this::allows);
  }

  private boolean allows(Need need) {
    Set<String> allowed = actions.getOrDefault(new Resource(need.type(), need.name()), Set.of());
    return allowed.contains(ALL) || allowed.contains(need.action().word());
  }

  @Override
  public String toString() {
    return "Claims[" + actions.size() + " things]";
  }
}
