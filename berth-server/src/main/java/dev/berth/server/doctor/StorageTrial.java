package dev.berth.server.doctor;

import dev.berth.storage.StorageException;
import dev.berth.storage.filesystem.FilesystemDriver;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Does on the store what the registry does, in a folder of its own, which is removed at the end,
/// and in which the registry never looks.
final class StorageTrial implements Check {
  private static final String FOLDER = ".berth-doctor-";

  /// Longer than any name that the registry makes.
  private static final int LONG_NAME = 200;

  private static final Duration AN_HOUR = Duration.ofHours(1);
  private static final String OTHER_SYSTEM =
      "use another file system: this one cannot keep a registry's data safe";

  private final Path root;
  private final boolean readOnly;
  private final InstantSource clock;
  private volatile @Nullable Duration ahead;

  StorageTrial(Path root, boolean readOnly, InstantSource clock) {
    this.root = root;
    this.readOnly = readOnly;
    this.clock = clock;
  }

  /// How far the time of a file just written was ahead of the clock.
  Optional<Duration> ahead() {
    return Optional.ofNullable(ahead);
  }

  @Override
  public void look(Findings findings) throws IOException {
    if (!Files.isDirectory(root)) {
      findings.skip("nothing was written: " + root + " is no directory yet");
    } else if (readOnly) {
      findings.skip("nothing was written: storage.maintenance.readonly is enabled");
    } else {
      write(findings);
    }
  }

  private void write(Findings findings) throws IOException {
    Path folder;
    try {
      folder = Files.createTempDirectory(root, FOLDER);
    } catch (IOException e) {
      Owner us = Owner.ofProcess();
      findings.fail(
          "no folder can be made in "
              + root
              + ": "
              + Reason.of(e)
              + "; this process is "
              + us.ids()
              + ", the directory belongs to "
              + Owner.of(root),
          "in Kubernetes set securityContext.fsGroup: "
              + us.gid()
              + " for the pod, else once as root: chown -R "
              + us.ids()
              + " "
              + root);
      return;
    }
    try {
      findings.ok("can be written by this process (" + Owner.ofProcess().ids() + ")");
      tryOut(folder, findings);
    } finally {
      remove(folder);
    }
  }

  private void tryOut(Path folder, Findings findings) throws IOException {
    step("rename over an existing file", OTHER_SYSTEM, findings, () -> rename(folder));
    step("of two who make one file one fails", OTHER_SYSTEM, findings, () -> exclusive(folder));
    step("sync of files and folders", OTHER_SYSTEM, findings, () -> sync(folder));
    step("the time of a folder moves with its names", OTHER_SYSTEM, findings, () -> moves(folder));
    step("names differ by case", OTHER_SYSTEM, findings, () -> tellsCase(folder));
    step("names of " + LONG_NAME + " bytes", OTHER_SYSTEM, findings, () -> longName(folder));
    link(folder, findings);
    try {
      FilesystemDriver.open(folder.resolve("store")).close();
      findings.ok("Berth opens a store there and locks files in it");
    } catch (StorageException e) {
      findings.fail(String.valueOf(e.getMessage()), OTHER_SYSTEM);
    }
    Path fresh = Files.createFile(folder.resolve("fresh"));
    Instant now = clock.instant();
    ahead = Duration.between(now, Files.getLastModifiedTime(fresh).toInstant());
  }

  @FunctionalInterface
  private interface Step {
    /// @return what is wrong; empty for nothing
    String run() throws IOException;
  }

  private static void step(String what, String todo, Findings findings, Step step) {
    String wrong;
    try {
      wrong = step.run();
    } catch (IOException e) {
      wrong = Reason.of(e);
    }
    if (wrong.isEmpty()) {
      findings.ok(what);
    } else {
      findings.fail(what + ": " + wrong, todo);
    }
  }

  private static String rename(Path folder) throws IOException {
    Path old = Files.writeString(folder.resolve("old"), "old");
    Path fresh = Files.writeString(folder.resolve("new"), "new");
    Files.move(fresh, old, StandardCopyOption.ATOMIC_MOVE);
    return Files.readString(old).equals("new") && Files.notExists(fresh)
        ? ""
        : "the old content is still there";
  }

  private static String exclusive(Path folder) throws IOException {
    Path file = folder.resolve("once");
    FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW).close();
    try {
      FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW).close();
      return "both made it";
    } catch (FileAlreadyExistsException e) {
      return "";
    }
  }

  private static String sync(Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("synced"), "x");
    try (FileChannel open = FileChannel.open(file, StandardOpenOption.WRITE)) {
      open.force(true);
    }
    try (FileChannel open = FileChannel.open(folder)) {
      open.force(true);
    }
    return "";
  }

  private static String moves(Path folder) throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    FileTime before = FileTime.from(Files.getLastModifiedTime(inner).toInstant().minus(AN_HOUR));
    Files.setLastModifiedTime(inner, before);
    Files.createFile(inner.resolve("name"));
    return Files.getLastModifiedTime(inner).compareTo(before) > 0 ? "" : "it stays";
  }

  private static String tellsCase(Path folder) throws IOException {
    Files.createFile(folder.resolve("case"));
    return Files.exists(folder.resolve("CASE"))
        ? "case and CASE are one file, so that tags v1 and V1 would be one"
        : "";
  }

  private static String longName(Path folder) throws IOException {
    Files.createFile(folder.resolve("n".repeat(LONG_NAME)));
    return "";
  }

  private static void link(Path folder, Findings findings) throws IOException {
    Path file = Files.writeString(folder.resolve("linked"), "x");
    try {
      Files.createLink(folder.resolve("link"), file);
      findings.ok("hard links");
    } catch (IOException | UnsupportedOperationException e) {
      findings.note(
          "no hard links ("
              + Reason.of(e)
              + "): Berth does without them, and a reader may for a moment see a tag that is being"
              + " made as not there");
    }
  }

  private static void remove(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(path)) {
        for (Path each : all) {
          remove(each);
        }
      }
    }
    Files.deleteIfExists(path);
  }
}
