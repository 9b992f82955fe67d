package dev.berth.storage.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.filesystem.WatchedDisk.Step;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said at the start of a store that cannot be used.
final class OpeningTest {
  @TempDir Path folder;
  private final WatchedDisk disk = new WatchedDisk();

  @Test
  void missingFolderIsMade() {
    Path root = folder.resolve("not/yet/there");

    FilesystemDriver.open(root).close();

    assertThat(root).isDirectory();
  }

  @Test
  void oldContentIsThere() throws IOException {
    Files.writeString(folder.resolve("a"), "hello");

    try (FilesystemDriver driver = FilesystemDriver.open(folder)) {
      assertThat(driver.read(new StoragePath("a"), 10)).isPresent();
    }
  }

  @Test
  void fileInsteadOfFolderIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");

    assertThatThrownBy(() -> FilesystemDriver.open(file))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(file + " for storage: it is a file; name a folder");
  }

  @Test
  void fileAboveTheFolderIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");

    assertThatThrownBy(() -> FilesystemDriver.open(file.resolve("store")))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(file + " is a file; name a folder");
  }

  @Test
  void aPlaceWhereNoFolderCanBeMadeIsRefused() {
    assertThatThrownBy(() -> FilesystemDriver.open(Path.of("/proc/berth/store")))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("no folder can be made there; name a folder");
  }

  @Test
  void folderThatCannotBeWrittenIsRefused() {
    disk.hook(
        (step, path) -> {
          if (step == Step.CREATE) {
            throw new AccessDeniedException(path.toString());
          }
        });

    assertThatThrownBy(() -> Opening.open(disk, folder, SyncMode.FULL))
        .isInstanceOf(StorageException.Forbidden.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("permission denied; name another folder");
  }

  @Test
  void readOnlyFileSystemIsRefused() {
    failOn(Step.CREATE, "Read-only file system");

    assertThatThrownBy(() -> Opening.open(disk, folder, SyncMode.FULL))
        .isInstanceOf(StorageException.Forbidden.class)
        .hasMessageContaining("Read-only file system; name another folder");
  }

  @Test
  void fileSystemThatCannotSyncFoldersIsRefused() {
    failOn(Step.FORCE, "Invalid argument");

    assertThatThrownBy(() -> Opening.open(disk, folder, SyncMode.FULL))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("cannot sync folders");
  }

  @Test
  void messagesAreOneLine() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");

    assertThatThrownBy(() -> FilesystemDriver.open(file))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @Test
  void startingLeavesNothingButTheLocks() throws IOException {
    FilesystemDriver.open(folder).close();

    try (var files = Files.walk(folder)) {
      assertThat(files.map(file -> folder.relativize(file).toString()))
          .containsExactlyInAnyOrder("", "berth", "berth/locks");
    }
  }

  @Test
  void readOnlyStoreIsReadAndNeverWritten() throws IOException {
    StoragePath file = new StoragePath("a");
    Files.writeString(folder.resolve("a"), "hello");
    failOn(Step.CREATE, "Read-only file system");

    try (FilesystemDriver driver = Opening.openReadOnly(disk, folder)) {
      assertThat(driver.read(file, 10)).isPresent();
      assertThat(driver.stat(file)).isPresent();
      for (Runnable write :
          List.<Runnable>of(
              () -> driver.put(file, new byte[1]),
              () -> driver.append(file),
              () -> driver.lock(file),
              () -> driver.delete(file),
              () -> driver.move(file, new StoragePath("b")))) {
        assertThatThrownBy(write::run)
            .isInstanceOf(StorageException.Forbidden.class)
            .hasMessageContaining("open for reading only");
      }
    }

    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("a"));
    }
  }

  @Test
  void readOnlyStoreThatIsNotThereIsRefusedAndNotMade() {
    Path missing = folder.resolve("missing");

    assertThatThrownBy(() -> FilesystemDriver.openReadOnly(missing))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(missing + " for storage: it is not there")
        .hasMessageContaining("mount the volume");
    assertThat(missing).doesNotExist();
  }

  private void failOn(Step failing, String error) {
    disk.hook(
        (step, path) -> {
          if (step == failing) {
            throw new IOException(error);
          }
        });
  }
}
