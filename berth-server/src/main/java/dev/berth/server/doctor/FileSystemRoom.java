package dev.berth.server.doctor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much fits on a file system. The JDK does not tell of inodes, so the system is asked itself.
///
/// @param files inodes in all; 0 where nobody counts them
record FileSystemRoom(long bytes, long freeBytes, long files, long freeFiles) {
  /// `struct statvfs` of 64-bit Linux (statvfs(3)): `f_files` and `f_favail`, and room for all.
  private static final long FILES = 40;

  private static final long FREE_FILES = 56;
  private static final long SIZE = 256;

  static FileSystemRoom at(Path path) throws IOException {
    FileStore store = Files.getFileStore(path);
    long total = store.getTotalSpace();
    long usable = store.getUsableSpace();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment told = arena.allocate(SIZE, JAVA_LONG.byteSize());
      boolean done = ask(arena.allocateFrom(path.toString()), told) == 0;
      return done
          ? new FileSystemRoom(
              total, usable, told.get(JAVA_LONG, FILES), told.get(JAVA_LONG, FREE_FILES))
          : new FileSystemRoom(total, usable, 0, 0);
    }
  }

  @SuppressWarnings("restricted") // The launcher enables native access.
  private static int ask(MemorySegment path, MemorySegment told) throws IOException {
    try {
      Linker linker = Linker.nativeLinker();
      MethodHandle statvfs =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("statvfs"),
              FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
      return (int) statvfs.invokeExact(path, told);
    } catch (Throwable e) {
      throw new IOException("the system does not tell of inodes", e);
    }
  }
}
