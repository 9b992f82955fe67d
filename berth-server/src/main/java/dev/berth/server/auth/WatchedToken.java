package dev.berth.server.auth;

import dev.berth.server.reload.Reload;
import dev.berth.server.reload.UnusableFile;
import dev.berth.server.reload.WatchedFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/// A secret of one line in a file, which whoever shows it may use. [#renew] is called now and then.
/// Only its digest is kept. Safe for use by many threads.
public final class WatchedToken {
  private static final String SCHEME = "Bearer ";

  /// Wrong ones are not answered later and later, so it must not be a word.
  private static final int SHORTEST = 16;

  private static final int LONGEST = 1024;

  /// With blanks around it.
  private static final int MAX_BYTES = 64 << 10;

  private static final String NO_TOKEN =
      "holds no token; write one line of 16 to 1024 letters, digits and signs, such as"
          + " `openssl rand -hex 32` gives";
  private static final WatchedFiles.Kind KIND =
      new WatchedFiles.Kind(
          "token",
          MAX_BYTES,
          NO_TOKEN,
          "no such file; make it, such as with `openssl rand -hex 32`");

  private final WatchedFiles<byte[]> digest;

  /// @param reload is told what becomes of the file
  /// @throws UnusableFile the file is missing, cannot be read or holds no token
  public WatchedToken(Path path, Reload reload) {
    digest =
        new WatchedFiles<>(List.of(path), KIND, files -> digestOf(path, files.getFirst()), reload);
  }

  /// Whether a request's `Authorization` field shows it. Takes as long whatever is shown.
  boolean isShownBy(String authorization) {
    return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && MessageDigest.isEqual(
            digest(authorization.substring(SCHEME.length()).strip()), digest.value());
  }

  /// Looks whether the file has changed.
  public void renew() {
    digest.renew();
  }

  private static byte[] digestOf(Path path, byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8).strip();
    boolean visible = text.chars().allMatch(c -> c > ' ' && c <= '~');
    if (text.length() < SHORTEST || text.length() > LONGEST || !visible) {
      throw new UnusableFile(path + ": " + NO_TOKEN);
    }
    return digest(text);
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
