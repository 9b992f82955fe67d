package dev.berth.config;

import java.nio.file.Path;

/// Names and passwords in a file as Apache's `htpasswd` writes it.
///
/// @param realm what clients are told they log in to; printable ASCII without quotes and
///   backslashes
/// @param path the file; a relative one is below the working directory
public record HtpasswdAuth(String realm, Path path) implements AuthConfig {
  public HtpasswdAuth {
    if (!realm.matches("[\\x20-\\x7e&&[^\"\\\\]]+")) {
      throw new InvalidSetting("realm", "give printable ASCII without quotes and backslashes");
    }
  }
}
