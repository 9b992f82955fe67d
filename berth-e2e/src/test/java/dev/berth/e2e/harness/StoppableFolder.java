package dev.berth.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A folder that shows another one through a process of its own (bindfs, over FUSE). While that is
/// stopped, whatever asks the file system waits, as with a network share whose server is gone.
/// Needs root.
public final class StoppableFolder implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path folder;
  private final Process process;

  /// @param below gets the folder and the files that it shows
  public StoppableFolder(Path below) throws IOException {
    Tools.requireRoot();
    Tools.require(Files.exists(Path.of("/dev/fuse")), "no /dev/fuse");
    Path program = Tools.get("bindfs");
    Path files = Files.createDirectory(below.resolve("files"));
    folder = Files.createDirectory(below.resolve("shown"));
    process =
        new ProcessBuilder(List.of(program.toString(), "-f", files.toString(), folder.toString()))
            .redirectErrorStream(true)
            .redirectOutput(below.resolve("bindfs.log").toFile())
            .start();
    Waiting.until("the folder is mounted", PATIENCE, this::isMounted);
  }

  private boolean isMounted() {
    try {
      return Files.readString(Path.of("/proc/self/mounts")).contains(" " + folder + " fuse");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path folder() {
    return folder;
  }

  /// From now on every call for a file waits.
  public void stop() {
    Program.of("kill", "-STOP", process.pid()).run();
  }

  /// Calls go on, also those that wait.
  public void go() {
    Program.of("kill", "-CONT", process.pid()).run();
  }

  @Override
  public void close() {
    go();
    Program.of("umount", "-l", folder).run();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
