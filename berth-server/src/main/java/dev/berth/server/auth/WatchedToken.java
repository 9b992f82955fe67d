package dev.berth.server.auth;

import dev.berth.server.reload.Reload;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A secret of one line in a file, which whoever shows it may use. [#renew] is called now and then
/// and looks at the file's text, whoever replaced it and how. Where it cannot be used, the [Reload]
/// is told, and the last good one holds. Only its digest is kept. Safe for use by many threads.
public final class WatchedToken {
  private static final Logger LOG = System.getLogger(WatchedToken.class.getName());
  private static final String SCHEME = "Bearer ";

  /// Wrong ones are not answered later and later, so it must not be a word.
  private static final int SHORTEST = 16;

  private static final int LONGEST = 1024;

  private final Path path;
  private final Reload reload;
  private volatile byte[] digest;

  /// @param reload is told what becomes of the file
  /// @throws UnusableLogins the file is missing, cannot be read or holds no token
  public WatchedToken(Path path, Reload reload) {
    this.path = path;
    this.reload = reload;
    this.digest = read();
  }

  /// Whether a request's `Authorization` field shows it. Takes as long whatever is shown.
  boolean isShownBy(String authorization) {
    return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && MessageDigest.isEqual(digest(authorization.substring(SCHEME.length()).strip()), digest);
  }

  /// Looks whether the file has changed.
  public synchronized void renew() {
    try {
      byte[] now = read();
      if (!MessageDigest.isEqual(now, digest)) {
        digest = now;
        LOG.log(Level.INFO, "token read again file={0}", path);
        reload.renewed();
      }
      reload.unchanged();
    } catch (UnusableLogins e) {
      reload.broken(String.valueOf(e.getMessage()));
    }
  }

  private byte[] read() {
    try (InputStream in = Files.newInputStream(path)) {
      String text = new String(in.readNBytes(LONGEST + 2), StandardCharsets.UTF_8).strip();
      boolean visible = text.chars().allMatch(c -> c > ' ' && c <= '~');
      if (text.length() < SHORTEST || text.length() > LONGEST || !visible) {
        throw new UnusableLogins(
            path
                + ": holds no token; write one line of 16 to 1024 letters, digits and signs, such as"
                + " `openssl rand -hex 32` gives");
      }
      return digest(text);
    } catch (NoSuchFileException e) {
      throw new UnusableLogins(
          path + ": no such file; name another in berth.admin.tokenfile, or make it", e);
    } catch (IOException e) {
      throw new UnusableLogins(path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
