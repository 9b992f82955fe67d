package dev.berth.storage.filesystem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The real disk, with each call that changes something written down, and a hook before each call
/// that may fail it or hold it up.
final class WatchedDisk extends Disk {
  enum Step {
    STAT,
    OPEN,
    CREATE,
    READ,
    WRITE,
    TRUNCATE,
    FORCE,
    RENAME_FROM,
    RENAME_TO,
    LINK,
    MAKE_FOLDER,
    REMOVE,
    LIST
  }

  record Call(Step step, Path path) {
    boolean isTemporary() {
      return Publisher.isTemporary(path.getFileName().toString());
    }
  }

  interface Hook {
    void before(Step step, Path path) throws IOException;
  }

  private final List<Call> calls = new ArrayList<>();
  private volatile Hook hook = (step, path) -> {};

  void hook(Hook newHook) {
    hook = newHook;
  }

  /// Calls that came to an end, oldest first, since this was last called.
  synchronized List<Call> takeCalls() {
    var taken = List.copyOf(calls);
    calls.clear();
    return taken;
  }

  private synchronized void done(Step step, Path path) {
    calls.add(new Call(step, path));
  }

  @Override
  @Nullable BasicFileAttributes stat(Path path) throws IOException {
    hook.before(Step.STAT, path);
    return super.stat(path);
  }

  @Override
  FileChannel openRead(Path path) throws IOException {
    hook.before(Step.OPEN, path);
    return super.openRead(path);
  }

  @Override
  FileChannel openReadWrite(Path path) throws IOException {
    hook.before(Step.OPEN, path);
    return super.openReadWrite(path);
  }

  @Override
  FileChannel createNew(Path path) throws IOException {
    hook.before(Step.CREATE, path);
    FileChannel file = super.createNew(path);
    done(Step.CREATE, path);
    return file;
  }

  @Override
  FileChannel createNewPrivate(Path path) throws IOException {
    hook.before(Step.CREATE, path);
    FileChannel file = super.createNewPrivate(path);
    done(Step.CREATE, path);
    return file;
  }

  @Override
  int read(FileChannel file, ByteBuffer target, long position) throws IOException {
    hook.before(Step.READ, Path.of(""));
    return super.read(file, target, position);
  }

  @Override
  int write(FileChannel file, ByteBuffer source, long position) throws IOException {
    hook.before(Step.WRITE, Path.of(""));
    return super.write(file, source, position);
  }

  @Override
  void truncate(FileChannel file, long size) throws IOException {
    hook.before(Step.TRUNCATE, Path.of(""));
    super.truncate(file, size);
  }

  @Override
  void force(FileChannel fileOrFolder, Path path) throws IOException {
    hook.before(Step.FORCE, path);
    super.force(fileOrFolder, path);
    done(Step.FORCE, path);
  }

  @Override
  void rename(Path from, Path to) throws IOException {
    hook.before(Step.RENAME_TO, to);
    super.rename(from, to);
    done(Step.RENAME_FROM, from);
    done(Step.RENAME_TO, to);
  }

  @Override
  void link(Path existing, Path name) throws IOException {
    hook.before(Step.LINK, name);
    super.link(existing, name);
    done(Step.LINK, name);
  }

  @Override
  void makeFolder(Path path) throws IOException {
    hook.before(Step.MAKE_FOLDER, path);
    super.makeFolder(path);
    done(Step.MAKE_FOLDER, path);
  }

  @Override
  void remove(Path path) throws IOException {
    hook.before(Step.REMOVE, path);
    super.remove(path);
    done(Step.REMOVE, path);
  }

  @Override
  void visit(Path folder, Consumer<String> visitor) throws IOException {
    hook.before(Step.LIST, folder);
    super.visit(folder, visitor);
  }
}
