package dev.berth.storage.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.berth.storage.StoragePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Equal versions mean equal bytes.
final class FileVersionsTest {
  private static final StoragePath FILE = new StoragePath("a");
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

  @TempDir Path root;

  // Set before each test.
  @SuppressWarnings("NullAway.Init")
  private FilesystemDriver driver;

  @BeforeEach
  void openStore() throws IOException {
    driver = FilesystemDriver.open(root);
    assumeThat(driver.traits().tellsVersions()).as("on a file system of this machine").isTrue();
    Files.writeString(file(), "first");
  }

  @AfterEach
  void closeStore() {
    driver.close();
  }

  @Test
  void aFileThatNobodyTouchesKeepsItsVersion() throws IOException {
    age(file());

    assertThat(version()).isNotNull().isEqualTo(version());
  }

  @Test
  void aFileChangedLatelyHasNone() {
    assertThat(version()).isNull();
  }

  @Test
  void aFileReplacedByOneOfTheSameSizeAndTimeHasAnother() throws IOException {
    age(file());
    Object before = version();
    Path other = age(Files.writeString(root.resolve("other"), "other"));

    Files.move(other, file(), StandardCopyOption.ATOMIC_MOVE);

    assertThat(version()).isNotNull().isNotEqualTo(before);
  }

  @Test
  void aFileWrittenInPlaceHasNotTheOldOne() throws IOException {
    age(file());
    Object before = version();

    Files.writeString(file(), "other");

    assertThat(version()).isNotEqualTo(before);
  }

  @Test
  void mountsOfNetworkFileSystemsBelowTheRootAreSeen() {
    Path store = Path.of("/srv/my store");

    assertThat(FileVersions.onlyLocalBelow(store, List.of())).isTrue();
    assertThat(onlyLocal(store, "/srv/my\\040store/docker", "xfs")).isTrue();
    assertThat(onlyLocal(store, "/srv/my\\040store/docker", "nfs4")).isFalse();
    assertThat(onlyLocal(store, "/srv/my\\040store2", "nfs4")).isTrue();
    assertThat(FileVersions.onlyLocalBelow(store, List.of("not a mount"))).isFalse();
  }

  private static boolean onlyLocal(Path store, String point, String type) {
    String line =
        "36 35 98:0 /mnt1 %s rw,noatime master:1 - %s /dev/root rw".formatted(point, type);
    return FileVersions.onlyLocalBelow(store, List.of(line));
  }

  private Path file() {
    return root.resolve(FILE.value());
  }

  private static Path age(Path file) throws IOException {
    return Files.setLastModifiedTime(file, LONG_AGO);
  }

  private @Nullable Object version() {
    return driver.stat(FILE).orElseThrow().version();
  }
}
