package dev.berth.storage.filesystem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tells by the attributes of a file whether its content can have changed since an earlier look.
///
/// Whoever replaces a file by a rename puts another inode there, with times of its own; whoever
/// writes it in place, as registry 2.8.2 does, moves its time of modification. That time comes from
/// a clock that stands still for some milliseconds, so a file changed lately has no version: a
/// second change could leave the same one. And only file systems of this machine have versions,
/// because a client of a network file system answers from its memory for seconds, where opening the
/// file would ask the server.
final class FileVersions {
  /// Far longer than the kernel's clock of file times stands still (10 ms at most), and than two
  /// clocks of one machine differ.
  private static final long SETTLED_MILLIS = 2000;

  private static final Set<String> LOCAL =
      Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "bcachefs", "tmpfs", "overlay");

  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

  /// Where the path stands in a line of `mountinfo` (proc(5)), and what comes before the type.
  private static final int MOUNT_POINT = 4;

  private static final String BEFORE_TYPE = " - ";

  private record Version(@Nullable Object fileKey, long size, FileTime modified, FileTime born) {}

  private final boolean local;

  private FileVersions(boolean local) {
    this.local = local;
  }

  /// For a store whose root lies on `store`. Looks once which file systems are mounted below it.
  static FileVersions below(Path root, FileStore store) {
    return new FileVersions(LOCAL.contains(store.type()) && onlyLocalBelow(real(root), mounts()));
  }

  /// Mounts are listed by the paths behind symbolic links.
  private static Path real(Path root) {
    try {
      return root.toRealPath();
    } catch (IOException e) {
      return root;
    }
  }

  private static List<String> mounts() {
    try {
      return Files.readAllLines(MOUNTS, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      // Without it nobody knows: a line that is none says so.
      return List.of("");
    }
  }

  /// @param mounts lines of `mountinfo`, where a blank in a path is written `\040`
  static boolean onlyLocalBelow(Path root, List<String> mounts) {
    String below = root + "/";
    for (String mount : mounts) {
      String[] fields = mount.split(" ", -1);
      int type = mount.indexOf(BEFORE_TYPE);
      if (fields.length <= MOUNT_POINT || type < 0) {
        return false;
      }
      String point = fields[MOUNT_POINT].replace("\\040", " ");
      String name = mount.substring(type + BEFORE_TYPE.length()).split(" ", 2)[0];
      if (point.startsWith(below) && !LOCAL.contains(name)) {
        return false;
      }
    }
    return true;
  }

  /// Whether files can have versions here.
  boolean areTold() {
    return local;
  }

  /// See [dev.berth.storage.FileInfo#version].
  @Nullable Object of(BasicFileAttributes attributes) {
    FileTime modified = attributes.lastModifiedTime();
    boolean settled = System.currentTimeMillis() - modified.toMillis() > SETTLED_MILLIS;
    return local && settled && !attributes.isDirectory()
        ? new Version(attributes.fileKey(), attributes.size(), modified, attributes.creationTime())
        : null;
  }
}
