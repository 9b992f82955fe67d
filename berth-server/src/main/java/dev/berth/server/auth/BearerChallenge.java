package dev.berth.server.auth;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Sends a client for a token, in the words of registry 2.8.2.
///
/// @param realm where tokens are given
/// @param path where tokens are given on the host that the client asked; absent means the realm
/// @param service the name of this registry there
/// @param needs what the token must allow
/// @param fault what is wrong with the token that came
public record BearerChallenge(
    String realm, @Nullable String path, String service, List<Need> needs, Fault fault) {
  /// What is wrong with a token (RFC 6750, §3.1).
  public enum Fault {
    /// There was none.
    MISSING(""),
    INVALID(",error=\"invalid_token\""),

    /// It is good, and allows less than is asked for.
    INSUFFICIENT(",error=\"insufficient_scope\"");

    private final String parameter;

    Fault(String parameter) {
      this.parameter = parameter;
    }
  }

  public BearerChallenge {
    needs = List.copyOf(needs);
  }

  /// The value of `WWW-Authenticate`.
  ///
  /// @param origin scheme and host that the client used; empty where what it said is none
  public String field(Optional<String> origin) {
    String url = path == null ? realm : origin.map(host -> host + path).orElse(realm);
    String scope = scope();
    return "Bearer realm=\""
        + url
        + "\",service=\""
        + service
        + '"'
        + (scope.isEmpty() ? "" : ",scope=\"" + scope + '"')
        + fault.parameter;
  }

  private String scope() {
    Map<String, Set<String>> actions = new LinkedHashMap<>();
    for (Need need : needs) {
      actions
          .computeIfAbsent(need.type() + ":" + need.name(), _ -> new LinkedHashSet<>())
          .add(need.action().word());
    }
    return actions.entrySet().stream()
        .map(resource -> resource.getKey() + ":" + String.join(",", resource.getValue()))
        .collect(Collectors.joining(" "));
  }
}
