package dev.berth.server.doctor;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a registry wants callers to prove who they are (`WWW-Authenticate`).
///
/// @param scheme in lower case: `basic` or `bearer`
/// @param realm with bearer, the URL that gives tokens
/// @param service with bearer, whom they are for
record Challenge(String scheme, String realm, String service) {
  private static final Pattern SCHEME = Pattern.compile("^\\s*([A-Za-z]+)\\s+(.*)$");
  private static final Pattern PARAMETER = Pattern.compile("([A-Za-z]+)\\s*=\\s*\"([^\"]*)\"");

  static Optional<Challenge> parse(String field) {
    Matcher all = SCHEME.matcher(field);
    if (!all.matches()) {
      return Optional.empty();
    }
    Map<String, String> parameters = new HashMap<>();
    Matcher each = PARAMETER.matcher(all.group(2));
    while (each.find()) {
      parameters.put(each.group(1).toLowerCase(Locale.ROOT), each.group(2));
    }
    return Optional.of(
        new Challenge(
            all.group(1).toLowerCase(Locale.ROOT),
            parameters.getOrDefault("realm", ""),
            parameters.getOrDefault("service", "")));
  }

  boolean isBasic() {
    return scheme.equals("basic");
  }

  boolean isBearer() {
    return scheme.equals("bearer");
  }
}
