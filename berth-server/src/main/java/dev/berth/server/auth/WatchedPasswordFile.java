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
import java.time.Duration;
import java.util.Arrays;

/// An `htpasswd` file that is read again when its bytes have changed, whoever replaced it and how:
/// a mounted Kubernetes Secret is swapped by a symbolic link. Where it cannot be read, its [Reload]
/// is told, and the last good state holds. Safe for use by many threads.
final class WatchedPasswordFile {
  private static final Logger LOG = System.getLogger(WatchedPasswordFile.class.getName());
  private static final int MAX_BYTES = 4 << 20;

  private final Path path;
  private final long lookNanos;
  private final Reload reload;
  private byte[] bytes;
  private PasswordFile entries;
  private long looked;

  /// @param lookEvery how old what it gives may be
  /// @param reload is told what became of it
  /// @throws UnusableLogins the file is missing or cannot be read
  WatchedPasswordFile(Path path, Duration lookEvery, Reload reload) {
    this.path = path;
    this.reload = reload;
    this.lookNanos = lookEvery.toNanos();
    try {
      this.bytes = read();
      this.entries = parse(bytes);
    } catch (IOException e) {
      throw unreadable(e);
    }
    this.looked = System.nanoTime();
  }

  /// The entries of now, or of a moment ago.
  synchronized PasswordFile entries() {
    long now = System.nanoTime();
    if (now - looked >= lookNanos) {
      looked = now;
      lookAgain();
    }
    return entries;
  }

  private void lookAgain() {
    try {
      byte[] read = read();
      if (!Arrays.equals(read, bytes)) {
        entries = parse(read);
        bytes = read;
        LOG.log(Level.INFO, "logins read again file={0}", path);
        reload.renewed();
      }
      reload.unchanged();
    } catch (IOException e) {
      reload.broken(String.valueOf(unreadable(e).getMessage()));
    } catch (UnusableLogins e) {
      reload.broken(String.valueOf(e.getMessage()));
    }
  }

  private byte[] read() throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] all = in.readNBytes(MAX_BYTES + 1);
      if (all.length > MAX_BYTES) {
        throw new UnusableLogins(path + ": larger than 4 MiB; that is no file of logins");
      }
      return all;
    }
  }

  private PasswordFile parse(byte[] content) {
    try {
      PasswordFile parsed = PasswordFile.parse(new String(content, StandardCharsets.UTF_8));
      parsed.useless().forEach(line -> LOG.log(Level.WARNING, "{0}: {1}", path, line));
      return parsed;
    } catch (UnusableLogins e) {
      throw new UnusableLogins(path + ": " + e.getMessage(), e);
    }
  }

  private UnusableLogins unreadable(IOException e) {
    return e instanceof NoSuchFileException
        ? new UnusableLogins(
            path + ": no such file of logins; make it with htpasswd -B -c " + path + " NAME", e)
        : new UnusableLogins(path + ": cannot be read: " + e.getMessage(), e);
  }
}
