package dev.berth.server.outgoing;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// How a registry wants to be shown who asks (`WWW-Authenticate`).
///
/// @param scheme in lower case, such as `bearer`
/// @param parameters their values by names in lower case
public record Challenge(String scheme, Map<String, String> parameters) {
  private static final Pattern PARAMETER =
      Pattern.compile("([A-Za-z_]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,\"]+))");

  /// The first of them that is basic or bearer; empty where there is none.
  public static Optional<Challenge> find(List<String> fields) {
    return fields.stream()
        .map(Challenge::parse)
        .filter(challenge -> challenge.isBasic() || challenge.isBearer())
        .findFirst();
  }

  private static Challenge parse(String field) {
    String[] parts = field.strip().split("\\s+", 2);
    Map<String, String> parameters = new HashMap<>();
    if (parts.length == 2) {
      PARAMETER
          .matcher(parts[1])
          .results()
          .forEach(
              found ->
                  parameters.put(
                      found.group(1).toLowerCase(Locale.ROOT),
                      found.group(2) == null
                          ? found.group(3)
                          : found.group(2).replaceAll("\\\\(.)", "$1")));
    }
    return new Challenge(parts[0].toLowerCase(Locale.ROOT), Map.copyOf(parameters));
  }

  public boolean isBasic() {
    return scheme.equals("basic");
  }

  public boolean isBearer() {
    return scheme.equals("bearer");
  }

  /// Whose login it is; with bearer, where a token is to be asked for. Empty where it is not said.
  public String realm() {
    return parameters.getOrDefault("realm", "");
  }

  /// Whether a password for the realm would go there in clear, though the registry was asked by
  /// TLS.
  ///
  /// @param tls whether it was
  public boolean losesTls(boolean tls) {
    return tls && isBearer() && !realm().toLowerCase(Locale.ROOT).startsWith("https:");
  }

  /// With bearer, whom the token is for; empty where it is not said.
  public String service() {
    return parameters.getOrDefault("service", "");
  }
}
