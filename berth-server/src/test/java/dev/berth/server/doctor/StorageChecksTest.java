package dev.berth.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorageChecksTest {
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir private Path folder;

  private static List<String> folder(Path root) {
    return Looking.with(new FolderCheck(root));
  }

  @Test
  void aTrialLeavesNothingBehindAndFindsNothing() throws IOException {
    Path root = Files.createDirectory(folder.resolve("store"));

    List<String> found = Looking.with(new StorageTrial(root, false, CLOCK));

    assertThat(found).hasSize(9).allMatch(line -> line.startsWith("OK "));
    try (var left = Files.list(root)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void nothingIsWrittenWhereNothingMayBe() throws IOException {
    assertThat(Looking.with(new StorageTrial(folder, true, CLOCK)))
        .singleElement()
        .asString()
        .startsWith("SKIP nothing was written: storage.maintenance.readonly");
    assertThat(Looking.with(new StorageTrial(folder.resolve("none"), false, CLOCK)))
        .singleElement()
        .asString()
        .startsWith("SKIP ");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  /// `/proc` refuses even root, as a volume of somebody else refuses a pod.
  @Test
  void saysWhoWeAreAndWhoseItIsWhereNothingCanBeMade() throws IOException {
    Path self = Path.of("/proc/self");

    List<String> found = Looking.with(new StorageTrial(self, false, CLOCK));

    assertThat(found)
        .singleElement()
        .asString()
        .startsWith("FAIL no folder can be made in /proc/self")
        .contains("this process is " + Owner.ofProcess().ids())
        .contains("fsGroup: " + Owner.ofProcess().gid());
  }

  @Test
  void aClockThatIsOffIsSeen() throws IOException {
    var trial = new StorageTrial(folder, false, () -> CLOCK.instant().minusSeconds(60));
    List<String> _ = Looking.with(trial);

    assertThat(trial.ahead()).isPresent();
    assertThat(trial.ahead().get()).isGreaterThan(Duration.ofSeconds(50));
  }

  @Test
  void tellsWhatTheFolderHolds() throws IOException {
    Path store = Files.createDirectories(folder.resolve("a/docker/registry/v2/blobs"));
    Path root = folder.resolve("a");
    Path file = Files.writeString(folder.resolve("file"), "x");

    assertThat(folder(root)).anyMatch(line -> line.startsWith("OK holds a store"));
    Path real = root.toRealPath();
    assertThat(folder(store))
        .anyMatch(line -> line.startsWith("FAIL ") && line.contains("begins at " + real));
    assertThat(folder(folder))
        .anyMatch(line -> line.startsWith("WARN ") && line.contains("but " + root + " does"));
    assertThat(folder(file)).anyMatch(line -> line.startsWith("FAIL ") && line.contains("no dir"));
    assertThat(folder(folder.resolve("none"))).anyMatch(line -> line.startsWith("WARN "));
  }

  @Test
  void aLinkIsFollowedAndOtherThingsAreNamed() throws IOException {
    Path other = Files.createDirectories(folder.resolve("other/mail"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("other"));
    Path fresh = Files.createDirectory(folder.resolve("fresh"));
    Files.createDirectory(fresh.resolve("lost+found"));

    assertThat(folder(link))
        .anyMatch(line -> line.startsWith("WARN holds other things and no store: mail"));
    assertThat(other).exists();
    assertThat(Looking.only(folder(fresh), "WARN", "FAIL")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 0 0:1 / / rw - overlay overlay rw,lowerdir=/l | WARN | data is lost with the pod",
        "1 0 0:1 / /data rw - tmpfs tmpfs rw | WARN | which is memory",
        "1 0 8:1 /pods/x/volumes/kubernetes.io~empty-dir/d /data rw - ext4 /dev/a rw | WARN | emptyDir",
        "1 0 8:1 / /data ro - ext4 /dev/a rw | FAIL | read-only",
        "1 0 0:5 / /data rw - nfs4 files:/x rw,soft | WARN | the mount is soft",
        "1 0 0:5 / /data rw - nfs files:/x rw,nolock | WARN | locks on this machine alone",
        "1 0 0:5 / /data rw - cifs //files/x rw | NOTE | of another machine",
        "1 0 0:5 / /data rw - fuse.s3fs s3fs rw | WARN | object stores behind fuse",
        "1 0 8:1 / /data rw - ext4 /dev/a rw | OK | on ext4 mounted at /data",
      })
  void tellsMountsApart(String mount, String verdict, String words) {
    List<String> found =
        Looking.with(
            f ->
                new MountCheck(Path.of("/data/x"), false, false)
                    .look(Path.of("/data/x"), MountTable.parse(List.of(mount)), f));

    assertThat(found).anyMatch(line -> line.startsWith(verdict) && line.contains(words));
  }

  @Test
  void theLastOfSeveralMountsCounts() {
    MountTable table =
        MountTable.parse(
            List.of(
                "1 0 0:1 / / rw - overlay overlay rw",
                "2 1 8:1 / /data rw - ext4 /dev/a rw",
                "3 2 8:1 / /data/my\\040images rw - xfs /dev/b rw",
                "4 1 8:1 / /database rw - ext4 /dev/c rw"));

    assertThat(table.find(Path.of("/data/my images/x")).orElseThrow().type()).isEqualTo("xfs");
    assertThat(table.find(Path.of("/data")).orElseThrow().source()).isEqualTo("/dev/a");
    assertThat(table.find(Path.of("/dat")).orElseThrow().type()).isEqualTo("overlay");
  }

  @Test
  void theRootOfAPodIsNoVolumeWhateverItsKind() {
    MountTable table = MountTable.parse(List.of("1 0 8:1 / / rw - ext4 /dev/a rw"));
    Path root = Path.of("/var/lib/registry");

    assertThat(Looking.with(f -> new MountCheck(root, false, true).look(root, table, f)))
        .allMatch(line -> line.startsWith("WARN "));
    assertThat(Looking.with(f -> new MountCheck(root, false, false).look(root, table, f)))
        .allMatch(line -> line.startsWith("OK "));
  }

  @Test
  void warnsOfLittleRoom() {
    long gibi = 1L << 30;

    assertThat(room(new FileSystemRoom(100 * gibi, 50 * gibi, 1_000_000, 900_000)))
        .allMatch(line -> line.startsWith("OK "));
    assertThat(room(new FileSystemRoom(100 * gibi, 9 * gibi, 1_000_000, 90_000)))
        .hasSize(2)
        .allMatch(line -> line.startsWith("WARN "));
    assertThat(room(new FileSystemRoom(gibi, gibi - 1, 0, 0)))
        .anyMatch(line -> line.startsWith("WARN "))
        .anyMatch(line -> line.startsWith("SKIP inodes"));
  }

  private static List<String> room(FileSystemRoom room) {
    return Looking.with(findings -> RoomCheck.look(room, findings));
  }

  @Test
  void theSystemTellsOfInodes() throws IOException {
    FileSystemRoom room = FileSystemRoom.at(folder);

    assertThat(room.files()).isGreaterThan(0);
    assertThat(room.freeFiles()).isBetween(1L, room.files());
  }

  @Test
  void everythingInsideOfAGoodStoreIsGood() throws IOException {
    Path root = Files.createDirectory(folder.resolve("store"));
    String config =
        "version: 0.1\nstorage: {filesystem: {rootdirectory: " + root + "}}\nhttp: {secret: s}\n";

    assertThat(Looking.only(InsideLooking.at(config, folder, Map.of()), "FAIL")).isEmpty();
  }
}
