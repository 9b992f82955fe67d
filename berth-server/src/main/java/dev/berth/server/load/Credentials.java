package dev.berth.server.load;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// A name and its password. Never shown.
public record Credentials(String name, String password) {
  /// As the basic scheme sends it.
  String basic() {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return name;
  }
}
