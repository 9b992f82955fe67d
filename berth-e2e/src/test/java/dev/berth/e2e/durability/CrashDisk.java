package dev.berth.e2e.durability;

import dev.berth.e2e.durability.Facts.Crash;
import dev.berth.e2e.harness.MemoryFolder;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/// A file system on an image file, of which copies can be taken while it is in use. A copy holds
/// what had reached the disk at that moment, and nothing of what was still in memory: mounted, it
/// is the disk after a power cut.
///
/// The image lies on an XFS of its own, whose reflinks make a copy in one step. A copy that takes
/// time would mix blocks of different moments, which no power cut does.
final class CrashDisk implements AutoCloseable {
  /// What the disk under test is formatted with.
  enum FileSystem {
    /// `commit=300`: its journal is written when somebody syncs, not by the clock.
    EXT4("128M", "loop,commit=300", "loop"),
    /// 300 MB is the least that it can be made with; `nouuid` because the original is mounted too.
    XFS("320M", "loop", "loop,nouuid");

    private final String size;
    private final String options;
    private final String copyOptions;

    FileSystem(String size, String options, String copyOptions) {
      this.size = size;
      this.options = options;
      this.copyOptions = copyOptions;
    }

    String[] make(Path image) {
      return switch (this) {
        case EXT4 -> new String[] {"mkfs.ext4", "-q", "-F", image.toString()};
        case XFS -> new String[] {"mkfs.xfs", "-q", "-f", image.toString()};
      };
    }
  }

  private final FileSystem type;
  private final Path folder;
  private final Path outer;
  private final Deque<Path> mounts = new ArrayDeque<>();
  private int copies;

  private CrashDisk(FileSystem type, Path folder) {
    this.type = type;
    this.folder = folder;
    this.outer = folder.resolve("outer");
  }

  /// Makes and mounts the disk, in memory where there is room.
  static CrashDisk make(FileSystem type) {
    Tools.requireRoot();
    Tools.get("mkfs.xfs");
    Tools.get("mkfs.ext4");
    try {
      var disk = new CrashDisk(type, MemoryFolder.create());
      try {
        disk.prepare();
      } catch (AssertionError e) {
        disk.close();
        throw e;
      }
      return disk;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void prepare() throws IOException {
    Path outerImage = folder.resolve("outer.img");
    Program.of("truncate", "-s", "2G", outerImage).run();
    Program.of("mkfs.xfs", "-q", "-f", "-m", "reflink=1", outerImage).run();
    mount("loop", outerImage, outer);
    Path image = outer.resolve("disk.img");
    Program.of("truncate", "-s", type.size, image).run();
    Program.of((Object[]) type.make(image)).run();
    mount(type.options, image, mounted());
  }

  /// Where the disk is mounted.
  Path mounted() {
    return folder.resolve("disk");
  }

  /// Copies the disk as it is now.
  Copy cut() {
    Path image = outer.resolve("cut-" + copies++ + ".img");
    long from = System.nanoTime();
    Program.of("cp", "--reflink=always", outer.resolve("disk.img"), image).run();
    return new Copy(image, new Crash(from, System.nanoTime()));
  }

  /// A disk after a power cut.
  final class Copy implements AutoCloseable {
    private final Path image;
    private final Crash crash;
    private final Path where;

    private Copy(Path image, Crash crash) {
      this.image = image;
      this.crash = crash;
      this.where = folder.resolve("after");
    }

    Crash crash() {
      return crash;
    }

    /// Mounts the copy, which replays its journal as after a power cut.
    Path mount() {
      CrashDisk.this.mount(type.copyOptions, image, where);
      return where;
    }

    @Override
    public void close() {
      if (mounts.remove(where)) {
        Program.of("umount", where).run();
      }
      Program.of("rm", "-f", image).run();
    }
  }

  private void mount(String options, Path image, Path where) {
    try {
      Files.createDirectories(where);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Program.of("mount", "-o", options, image, where).run();
    mounts.push(where);
  }

  /// Unmounts all of it and frees the space. Whatever uses the disk must have ended.
  @Override
  public void close() {
    while (!mounts.isEmpty()) {
      Program.of("umount", mounts.pop()).run();
    }
    Program.of("rm", "-rf", "--one-file-system", folder).run();
  }
}
