package dev.berth.storage.filesystem;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The only door to the operating system's files: one method, one or two system calls, no decision.
/// Tests put their own in its place to watch the order of calls and to let calls fail.
///
/// Files get mode 0666 and folders 0777, less the umask, as registry 2.8.2 has them.
///
/// The choices below were measured on JDK 25 and ext4 with a path of ten levels and two loaded
/// cores, in microseconds a call:
///
/// | whole read of a 71-byte file | |
/// |---|---|
/// | `FileChannel.open`, read, read, close | 4.5 |
/// | `Files.newByteChannel`, read, read, close | 4.8 |
/// | `Files.readAllBytes` | 5.2 |
/// | `RandomAccessFile`, read, read, close | 5.8 |
/// | `FileInputStream`, read, read, close | 6.4 |
///
/// | what stands at a path | there | missing |
/// |---|---|---|
/// | `File.exists` (no error, no size) | 1.8 | 1.4 |
/// | `readAttributesIfExists` | 2.2 | 1.6 |
/// | `Files.readAttributes` | 2.4 | 4.3 (exception) |
/// | `File.length` and `File.lastModified` | 3.7 | – |
///
/// | 10,000 names | |
/// |---|---|
/// | `DirectoryStream`, names cut from the path | 3,700 |
/// | `DirectoryStream`, `getFileName` | 4,200 |
/// | `File.list` (hides read errors) | 4,600 |
class Disk {
  private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ);
  private static final Set<OpenOption> CREATE_NEW =
      Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
  private static final Set<OpenOption> READ_WRITE =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
  private static final Set<OpenOption> READ_WRITE_CREATE =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
  private static final FileAttribute<?>[] DEFAULT_MODE = {};

  /// Null where nothing is at `path` and where nothing can be.
  @Nullable BasicFileAttributes stat(Path path) throws IOException {
    return attributes(path);
  }

  /// As [#stat], of a symbolic link itself and not of what it points at.
  @Nullable BasicFileAttributes statLink(Path path) throws IOException {
    return attributes(path, NOFOLLOW_LINKS);
  }

  /// When anything about the file or folder was changed last (`ctime`, which nobody can set); null
  /// where nothing is at `path`.
  @Nullable FileTime changed(Path path) throws IOException {
    try {
      return (FileTime) Files.getAttribute(path, "unix:ctime");
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static @Nullable BasicFileAttributes attributes(Path path, LinkOption... options)
      throws IOException {
    FileSystemProvider provider = path.getFileSystem().provider();
    try {
      return provider.readAttributesIfExists(path, BasicFileAttributes.class, options);
    } catch (FileSystemException e) {
      if (Failure.isAbsent(e)) {
        return null;
      }
      throw e;
    }
  }

  FileChannel openRead(Path path) throws IOException {
    return FileChannel.open(path, READ, DEFAULT_MODE);
  }

  FileChannel openReadWrite(Path path) throws IOException {
    return FileChannel.open(path, READ_WRITE, DEFAULT_MODE);
  }

  FileChannel openOrCreate(Path path) throws IOException {
    return FileChannel.open(path, READ_WRITE_CREATE, DEFAULT_MODE);
  }

  FileChannel createNew(Path path) throws IOException {
    return FileChannel.open(path, CREATE_NEW, DEFAULT_MODE);
  }

  /// As [#createNew], readable by the owner and its group only.
  FileChannel createNewPrivate(Path path) throws IOException {
    return FileChannel.open(
        path,
        CREATE_NEW,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
  }

  int read(FileChannel file, ByteBuffer target, long position) throws IOException {
    return file.read(target, position);
  }

  /// Gives how many bytes were written, which may be fewer than remain.
  int write(FileChannel file, ByteBuffer source, long position) throws IOException {
    return file.write(source, position);
  }

  void truncate(FileChannel file, long size) throws IOException {
    file.truncate(size);
  }

  /// Makes durable what was written to an open file, or the names made and removed in an open
  /// folder.
  void force(FileChannel fileOrFolder, Path path) throws IOException {
    fileOrFolder.force(true);
  }

  void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /// @throws UnsupportedOperationException or [IOException] where the file system has no hard links
  void link(Path existing, Path name) throws IOException {
    Files.createLink(name, existing);
  }

  void makeFolder(Path path) throws IOException {
    Files.createDirectory(path);
  }

  /// Removes a file or an empty folder, a symbolic link itself and not what it points at.
  void remove(Path path) throws IOException {
    Files.delete(path);
  }

  void setModified(Path path, long epochMillis) throws IOException {
    Files.setLastModifiedTime(path, FileTime.fromMillis(epochMillis));
  }

  List<String> list(Path folder) throws IOException {
    var names = new ArrayList<String>();
    visit(folder, names::add);
    return names;
  }

  void visit(Path folder, Consumer<String> visitor) throws IOException {
    int cut = folder.toString().length() + 1;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        visitor.accept(entry.toString().substring(cut));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  FileStore store(Path path) throws IOException {
    return Files.getFileStore(path);
  }
}
