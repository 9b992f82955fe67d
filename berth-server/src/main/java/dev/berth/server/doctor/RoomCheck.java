package dev.berth.server.doctor;

import dev.berth.config.DataSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Room for bytes and for files.
final class RoomCheck implements Check {
  private static final int LEAST_PERCENT = 10;
  private static final int ALL = 100;
  private static final long LEAST_BYTES = 1L << 30;
  private static final long MEBI = 1L << 20;

  /// Less than so many files is as good as none, whatever their share.
  private static final long LEAST_FILES = 10_000;

  private final Path root;

  RoomCheck(Path root) {
    this.root = root;
  }

  @Override
  public void look(Findings findings) throws IOException {
    if (Files.isDirectory(root)) {
      look(FileSystemRoom.at(root), findings);
    } else {
      findings.skip("room: " + root + " is no directory yet");
    }
  }

  static void look(FileSystemRoom room, Findings findings) {
    String bytes =
        room.freeBytes() / MEBI
            + " MiB of "
            + room.bytes() / MEBI
            + " MiB free ("
            + percent(room.freeBytes(), room.bytes())
            + " %)";
    boolean few = percent(room.freeBytes(), room.bytes()) < LEAST_PERCENT;
    if (few || room.freeBytes() < LEAST_BYTES) {
      findings.warn(
          bytes + ": less than " + LEAST_PERCENT + " % or " + new DataSize(LEAST_BYTES),
          "make the volume larger, or delete what is not needed; pushes answer 507 when it is full");
    } else {
      findings.ok(bytes);
    }
    if (room.files() <= 0) {
      findings.skip("inodes: the file system does not count them");
      return;
    }
    String files = room.freeFiles() + " of " + room.files() + " inodes free";
    if (percent(room.freeFiles(), room.files()) < LEAST_PERCENT || room.freeFiles() < LEAST_FILES) {
      findings.warn(
          files + ": each layer, tag and link is a file",
          "make the file system anew with more inodes (mkfs.ext4 -i 8192, or xfs), or larger");
    } else {
      findings.ok(files);
    }
  }

  private static long percent(long part, long whole) {
    return whole <= 0 ? 0 : (long) ((double) part / whole * ALL);
  }
}
