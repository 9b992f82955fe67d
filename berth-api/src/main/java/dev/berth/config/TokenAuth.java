package dev.berth.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tokens that somebody else gives out and signs.
///
/// @param realm where clients get a token; printable ASCII without quotes and backslashes
/// @param service the audience that a token must name; the same characters
/// @param issuer the issuer that a token must name
/// @param rootCertBundle certificates whose keys, or those they vouch for, sign tokens
/// @param jwks keys that sign tokens; this, the bundle or both must be there
/// @param signingAlgorithms the algorithms that are taken, of [#ALGORITHMS]
/// @param autoRedirectPath path on the host that the client asked, to which it is sent in place of
///   the realm; absent means the realm
public record TokenAuth(
    String realm,
    String service,
    String issuer,
    @Nullable Path rootCertBundle,
    @Nullable Path jwks,
    List<String> signingAlgorithms,
    @Nullable String autoRedirectPath)
    implements AuthConfig {
  /// All that is known: signatures with a key of which everybody may know one half.
  public static final List<String> ALGORITHMS =
      List.of(
          "EdDSA", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512");

  public TokenAuth {
    checkText("realm", realm);
    checkText("service", service);
    if (rootCertBundle == null && jwks == null) {
      throw new InvalidSetting(
          "rootCertBundle",
          "missing; name a file of certificates here, or one of keys in auth.token.jwks");
    }
    signingAlgorithms = List.copyOf(signingAlgorithms);
    if (signingAlgorithms.isEmpty() || !ALGORITHMS.containsAll(signingAlgorithms)) {
      throw new InvalidSetting(
          "signingAlgorithms", "give some of " + String.join(", ", ALGORITHMS));
    }
    if (autoRedirectPath != null) {
      if (!autoRedirectPath.matches("[A-Za-z0-9._~/-]+")) {
        throw new InvalidSetting("autoRedirectPath", "give a path like /auth/token");
      }
      autoRedirectPath =
          autoRedirectPath.startsWith("/") ? autoRedirectPath : "/" + autoRedirectPath;
    }
  }

  private static void checkText(String component, String text) {
    if (!text.matches("[\\x20-\\x7e&&[^\"\\\\]]+")) {
      throw new InvalidSetting(component, "give printable ASCII without quotes and backslashes");
    }
  }
}
