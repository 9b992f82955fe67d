package dev.berth.e2e.clients;

import dev.berth.e2e.harness.RegistryConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Logins by `auth.htpasswd`.
final class LoginIT extends LoginContract {
  @Override
  RegistryConfig config() {
    try {
      Path file = Files.writeString(folder.resolve("users"), NAME + ":" + HASH + "\n");
      return super.config()
          .withExtra("auth: {htpasswd: {realm: the images, path: %s}}\n".formatted(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
