package dev.berth.server.auth;

import dev.berth.server.reload.UnusableFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a file of logins is worth, without its hashes.
///
/// @param logins names with which somebody can log in
/// @param useless what stands in the file and is no login, one sentence each
public record LoginFile(int logins, List<String> useless) {
  public LoginFile {
    useless = List.copyOf(useless);
  }

  /// Reads as much of it as the server would.
  ///
  /// @throws UnusableFile it is no file of logins; says why
  /// @throws IOException it cannot be read
  public static LoginFile read(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(HtpasswdLogins.MAX_BYTES + 1);
      if (bytes.length > HtpasswdLogins.MAX_BYTES) {
        throw new UnusableFile(HtpasswdLogins.TOO_LARGE);
      }
      PasswordFile file = PasswordFile.parse(new String(bytes, StandardCharsets.UTF_8));
      return new LoginFile(file.hashes().size(), file.useless());
    }
  }
}
