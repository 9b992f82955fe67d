package dev.berth.server.reload;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/// What is made of one or more files, and made anew when their bytes have changed, whoever replaced
/// them and how: a mounted Kubernetes Secret is swapped by a symbolic link. [#renew] is called now
/// and then, by a thread that may wait for the files. What it sees twice in a row is taken; where
/// that cannot be used, the [Reload] is told, and what was made last holds. Of the bytes only a
/// digest is kept. Safe for use by many threads.
///
/// @param <T> what is made of them
public final class WatchedFiles<T> {
  private static final Logger LOG = System.getLogger(WatchedFiles.class.getName());

  private final List<Path> paths;
  private final Kind kind;
  private final Parser<T> parser;
  private final Reload reload;
  private final Steady<String> steady = new Steady<>();
  private byte[] digest;
  private volatile T value;

  /// How files of one kind are spoken of.
  ///
  /// @param contents in the log, such as `logins`
  /// @param mostBytes of one file
  /// @param tooLarge what follows the name of one that is larger
  /// @param missing what follows the name of one that is not there
  public record Kind(String contents, int mostBytes, String tooLarge, String missing) {}

  /// Makes something of the bytes of all files, in their order.
  @FunctionalInterface
  public interface Parser<T> {
    /// Makes it.
    ///
    /// @throws UnusableFile the bytes are not what they should be
    T parse(List<byte[]> files);
  }

  /// @param reload is told what becomes of the files
  /// @throws UnusableFile one is missing, cannot be read, or is not what it should be
  public WatchedFiles(List<Path> paths, Kind kind, Parser<T> parser, Reload reload) {
    this.paths = List.copyOf(paths);
    this.kind = kind;
    this.parser = parser;
    this.reload = reload;
    try {
      List<byte[]> files = readAll();
      this.value = parser.parse(files);
      this.digest = digest(files);
    } catch (UnusableFile e) {
      throw new UnusableFile(reload.key() + ": " + e.getMessage(), e);
    }
  }

  /// What was made last of files that could be used.
  public T value() {
    return value;
  }

  /// Looks whether the files have changed.
  public void renew() {
    renew(_ -> {});
  }

  /// As above.
  ///
  /// @param use takes what is made of changed files before it holds; may refuse it by
  ///   [UnusableFile]
  public synchronized void renew(Consumer<T> use) {
    try {
      List<byte[]> files = readAll();
      byte[] now = digest(files);
      if (MessageDigest.isEqual(now, digest)) {
        reload.unchanged();
        return;
      }
      if (!steady.isSteady(HexFormat.of().formatHex(now))) {
        return;
      }
      T made = parser.parse(files);
      use.accept(made);
      value = made;
      digest = now;
      LOG.log(Level.INFO, kind.contents() + " read again file={0}", paths.getFirst());
      reload.renewed();
    } catch (UnusableFile e) {
      reload.broken(String.valueOf(e.getMessage()));
    }
  }

  private List<byte[]> readAll() {
    List<byte[]> all = new ArrayList<>();
    for (Path path : paths) {
      all.add(read(path));
    }
    return all;
  }

  private byte[] read(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(kind.mostBytes() + 1);
      if (bytes.length > kind.mostBytes()) {
        throw new UnusableFile(path + ": " + kind.tooLarge());
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new UnusableFile(path + ": " + kind.missing(), e);
    } catch (IOException e) {
      throw new UnusableFile(path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static byte[] digest(List<byte[]> files) {
    try {
      MessageDigest all = MessageDigest.getInstance("SHA-256");
      for (byte[] file : files) {
        all.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, file.length));
        all.update(file);
      }
      return all.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
