package dev.berth.server.token;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which tokens are good, and where they are to be had.
///
/// @param realm where clients get a token
/// @param redirectPath path of that on the host which they asked; absent means the realm
/// @param service the audience a token must name
/// @param issuer the issuer a token must name
/// @param algorithms names of the signatures that are taken, none of them with a shared key
/// @param certificates PEM file of certificates whose keys, or those they vouch for, sign tokens
/// @param keys file of a JSON Web Key Set whose keys sign tokens
public record TokenSettings(
    String realm,
    @Nullable String redirectPath,
    String service,
    String issuer,
    List<String> algorithms,
    Optional<Path> certificates,
    Optional<Path> keys) {
  public TokenSettings {
    algorithms = List.copyOf(algorithms);
  }
}
