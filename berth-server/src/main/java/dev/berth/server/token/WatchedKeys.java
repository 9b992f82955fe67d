package dev.berth.server.token;

import dev.berth.server.auth.UnusableLogins;
import dev.berth.server.reload.Reload;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// The files of trusted keys, read again when their bytes have changed, whoever replaced them and
/// how. Where they cannot be read, the [Reload] is told, and the last good keys hold. Safe for use
/// by many threads: one looks, the others go on with what there is.
final class WatchedKeys {
  private static final Logger LOG = System.getLogger(WatchedKeys.class.getName());
  private static final int MAX_BYTES = 1 << 20;

  private final Optional<Path> certificates;
  private final Optional<Path> keySet;
  private final long lookNanos;
  private final Reload reload;
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile State state;
  private volatile long looked;

  private record State(List<byte[]> bytes, TrustedKeys keys) {}

  /// @param lookEvery how old what it gives may be
  /// @param reload is told what became of the files
  /// @throws UnusableLogins a file is missing or cannot be read
  WatchedKeys(
      Optional<Path> certificates, Optional<Path> keySet, Duration lookEvery, Reload reload) {
    this.certificates = certificates;
    this.keySet = keySet;
    this.lookNanos = lookEvery.toNanos();
    this.reload = reload;
    this.state = parse(readAll());
    this.looked = System.nanoTime();
  }

  /// The keys of now, or of a moment ago.
  TrustedKeys keys() {
    if (System.nanoTime() - looked >= lookNanos && looking.compareAndSet(false, true)) {
      try {
        lookAgain();
      } finally {
        looked = System.nanoTime();
        looking.set(false);
      }
    }
    return state.keys;
  }

  private void lookAgain() {
    try {
      List<byte[]> read = readAll();
      if (!same(read, state.bytes)) {
        state = parse(read);
        LOG.log(Level.INFO, "keys of tokens read again");
        reload.renewed();
      }
      reload.unchanged();
    } catch (UnusableLogins e) {
      reload.broken(String.valueOf(e.getMessage()));
    }
  }

  private State parse(List<byte[]> read) {
    List<X509Certificate> roots =
        certificates.map(path -> KeyFiles.certificates(path, read.getFirst())).orElse(List.of());
    Map<String, PublicKey> keys =
        keySet.map(path -> KeyFiles.keys(path, read.getLast())).orElse(Map.of());
    return new State(read, new TrustedKeys(roots, keys));
  }

  private List<byte[]> readAll() {
    List<byte[]> all = new ArrayList<>();
    certificates.ifPresent(path -> all.add(read(path)));
    keySet.ifPresent(path -> all.add(read(path)));
    return all;
  }

  private static byte[] read(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] all = in.readNBytes(MAX_BYTES + 1);
      if (all.length > MAX_BYTES) {
        throw new UnusableLogins(path + ": larger than 1 MiB; that is no file of keys");
      }
      return all;
    } catch (NoSuchFileException e) {
      throw new UnusableLogins(path + ": no such file; name another in auth.token", e);
    } catch (IOException e) {
      throw new UnusableLogins(path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean same(List<byte[]> some, List<byte[]> others) {
    for (int i = 0; i < some.size(); i++) {
      if (!Arrays.equals(some.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }
}
