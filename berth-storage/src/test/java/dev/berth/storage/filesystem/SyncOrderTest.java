package dev.berth.storage.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.storage.StorageDriver;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageWriter;
import dev.berth.storage.filesystem.WatchedDisk.Call;
import dev.berth.storage.filesystem.WatchedDisk.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Watches the system calls of each durable operation: before it returns, every name that it made
/// or removed must have been synced in its folder, and every file that it put in place must have
/// been synced before.
final class SyncOrderTest {
  /// Without the name that a rename takes away: it goes in one step with the new one.
  private static final Set<Step> NAME_CHANGES =
      Set.of(Step.CREATE, Step.RENAME_TO, Step.LINK, Step.MAKE_FOLDER, Step.REMOVE);

  private static final StoragePath OLD = new StoragePath("old/f/a");
  private static final StoragePath NEW = new StoragePath("new/g/h/b");

  /// Something durable to do in a store that has a file at [#OLD].
  record Work(String name, Consumer<StorageDriver> steps) {
    @Override
    public String toString() {
      return name;
    }
  }

  @TempDir Path root;
  private final WatchedDisk disk = new WatchedDisk();

  // Set before each test.
  @SuppressWarnings("NullAway.Init")
  private FilesystemDriver driver;

  @BeforeEach
  void openStore() {
    open(SyncMode.FULL);
  }

  @AfterEach
  void closeStore() {
    driver.close();
  }

  private void open(SyncMode mode) {
    driver = Opening.open(disk, root, mode);
    driver.put(OLD, new byte[3]);
    disk.takeCalls();
  }

  static Stream<Work> durableWork() {
    return Stream.of(
        new Work("put a new file in new folders", store -> store.put(NEW, new byte[3])),
        new Work(
            "put a new file in an old folder",
            store -> store.put(new StoragePath("old/f/b"), new byte[3])),
        new Work("replace a file", store -> store.put(OLD, new byte[4])),
        new Work("put a file in the root", store -> store.put(new StoragePath("x"), new byte[4])),
        new Work("create a file in new folders", store -> store.create(NEW, new byte[3])),
        new Work(
            "create a file in an old folder",
            store -> store.create(new StoragePath("old/f/b"), new byte[3])),
        new Work("create a private file", store -> store.createPrivate(NEW, new byte[3])),
        new Work("move to new folders", store -> store.move(OLD, NEW)),
        new Work("move to another old folder", store -> store.move(OLD, new StoragePath("old/b"))),
        new Work("move within a folder", store -> store.move(OLD, new StoragePath("old/f/b"))),
        new Work("delete a file", store -> store.delete(OLD)));
  }

  @ParameterizedTest
  @MethodSource("durableWork")
  void everyNameIsSyncedBeforeTheCallReturns(Work work) {
    work.steps().accept(driver);

    List<Call> calls = disk.takeCalls();
    assertThat(calls).anyMatch(call -> NAME_CHANGES.contains(call.step()));
    assertThat(notSynced(calls)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("durableWork")
  void plantedFaultIsNoticed(Work work) {
    driver.close();
    open(SyncMode.NO_FOLDERS);

    work.steps().accept(driver);

    assertThat(notSynced(disk.takeCalls())).isNotEmpty();
  }

  @Test
  void createIsDurableWithoutHardLinksToo() {
    disk.hook(
        (step, path) -> {
          if (step == Step.LINK) {
            throw new IOException("Operation not supported");
          }
        });

    assertThat(driver.create(NEW, new byte[3])).isTrue();

    List<Call> calls = disk.takeCalls();
    assertThat(notSynced(calls)).isEmpty();
    assertThat(calls).contains(new Call(Step.FORCE, at(NEW)));
  }

  @Test
  void deletedTreeIsSyncedInItsParent() {
    driver.deleteTree(new StoragePath("old/f"));

    List<Call> calls = disk.takeCalls();
    int removed = calls.lastIndexOf(new Call(Step.REMOVE, root.resolve("old/f")));
    assertThat(removed).isNotNegative();
    assertThat(calls.subList(removed, calls.size()))
        .contains(new Call(Step.FORCE, root.resolve("old")));
  }

  @Test
  void contentIsSyncedBeforeItGetsItsName() {
    driver.put(NEW, new byte[3]);

    List<Call> calls = disk.takeCalls();
    Path temporary =
        calls.stream().filter(call -> call.step() == Step.CREATE).findFirst().orElseThrow().path();
    assertThat(calls)
        .containsSubsequence(
            new Call(Step.CREATE, temporary),
            new Call(Step.FORCE, temporary),
            new Call(Step.RENAME_TO, at(NEW)),
            new Call(Step.FORCE, Publisher.folderOf(at(NEW))));
  }

  @Test
  void linkedContentIsSyncedBeforeItGetsItsName() {
    driver.create(NEW, new byte[3]);

    List<Call> calls = disk.takeCalls();
    Path temporary =
        calls.stream().filter(call -> call.step() == Step.CREATE).findFirst().orElseThrow().path();
    assertThat(calls)
        .containsSubsequence(
            new Call(Step.FORCE, temporary),
            new Call(Step.LINK, at(NEW)),
            new Call(Step.FORCE, Publisher.folderOf(at(NEW))));
  }

  @Test
  void volatileFileIsNotSynced() {
    driver.putVolatile(NEW, new byte[3]);

    assertThat(disk.takeCalls()).noneMatch(call -> call.step() == Step.FORCE);
  }

  @Test
  void discardedFolderIsNotSynced() {
    driver.discard(new StoragePath("old/f"));

    List<Call> calls = disk.takeCalls();
    assertThat(calls).contains(new Call(Step.REMOVE, root.resolve("old/f")));
    assertThat(calls).noneMatch(call -> call.step() == Step.FORCE);
  }

  @Test
  void foldersOfVolatileFileAreSyncedByTheFirstDurableWrite() {
    driver.putVolatile(NEW, new byte[3]);
    List<Call> before = disk.takeCalls();

    driver.put(new StoragePath("new/g/h/c"), new byte[3]);

    assertThat(before).anyMatch(call -> call.step() == Step.MAKE_FOLDER);
    assertSynced("new/g/h", "new/g", "new", "");
  }

  @Test
  void foldersMadeByAnotherProcessAreSynced() throws IOException {
    Files.createDirectories(root.resolve("new/g/h"));

    driver.put(NEW, new byte[3]);

    assertSynced("new/g/h", "new/g", "new", "");
  }

  @Test
  void foldersMadeAgainByAnotherProcessAreSyncedAgain() throws IOException {
    driver.put(NEW, new byte[3]);
    Files.delete(at(NEW));
    Files.delete(root.resolve("new/g/h"));
    Files.delete(root.resolve("new/g"));
    Files.createDirectories(root.resolve("new/g/h"));
    disk.takeCalls();

    driver.put(NEW, new byte[3]);

    assertSynced("new/g/h", "new/g", "new");
  }

  @Test
  void knownFoldersAreNotSyncedAgain() {
    driver.put(NEW, new byte[3]);
    disk.takeCalls();

    driver.put(NEW, new byte[4]);

    List<Path> synced =
        disk.takeCalls().stream()
            .filter(call -> call.step() == Step.FORCE && !call.isTemporary())
            .map(Call::path)
            .toList();
    assertThat(synced).containsExactly(Publisher.folderOf(at(NEW)));
  }

  @Test
  void fileOfAnotherProcessIsSyncedWithAllLevels() throws IOException {
    Files.createDirectories(root.resolve("new/g/h"));
    Files.write(at(NEW), new byte[3]);

    assertThat(driver.sync(NEW)).isTrue();

    assertSynced("new/g/h/b", "new/g/h", "new/g", "new", "");
  }

  @Test
  void failedLevelIsNotTakenForDurableLater() {
    disk.hook(
        (step, path) -> {
          if (step == Step.FORCE && path.equals(root)) {
            throw new IOException("No space left on device");
          }
        });
    Throwable failure = failureOf(() -> driver.put(NEW, new byte[3]));
    disk.hook((step, path) -> {});
    disk.takeCalls();

    Throwable second = failureOf(() -> driver.put(NEW, new byte[3]));

    assertThat(failure).hasMessageContaining("full");
    assertThat(second).hasMessageContaining("earlier sync").hasMessageContaining(root.toString());
  }

  /// Another thread made the folder and has not synced it yet when this one returns.
  @Test
  void folderMadeByAnotherThreadIsSyncedByEachWriter() throws Exception {
    var made = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    Thread tester = Thread.currentThread();
    disk.hook(
        (step, path) -> {
          if (step == Step.FORCE && !Thread.currentThread().equals(tester)) {
            made.countDown();
            await(go);
          }
        });
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      Future<?> slow = other.submit(() -> driver.put(NEW, new byte[3]));
      try {
        made.await();
        disk.takeCalls();

        driver.put(new StoragePath("new/g/h/c"), new byte[3]);

        assertSynced("new/g/h", "new/g", "new", "");
      } finally {
        go.countDown();
      }
      slow.get();
    }
  }

  @Test
  void writerSyncsItsFile() {
    try (StorageWriter writer = ((StorageDriver.Appending.Open) driver.append(OLD)).writer()) {
      writer.write(ByteBuffer.allocate(5));
      assertThat(disk.takeCalls()).noneMatch(call -> call.step() == Step.FORCE);

      writer.sync();

      assertThat(disk.takeCalls()).containsExactly(new Call(Step.FORCE, at(OLD)));
    }
  }

  @Test
  void newRootIsSyncedInItsParent() {
    Path deep = root.resolve("not/yet/there");

    Opening.open(disk, deep, SyncMode.FULL).close();

    assertSynced("", "not", "not/yet");
  }

  private void assertSynced(String... paths) {
    List<Path> wanted = Stream.of(paths).map(root::resolve).toList();
    List<Path> synced =
        disk.takeCalls().stream()
            .filter(call -> call.step() == Step.FORCE)
            .map(Call::path)
            .toList();
    assertThat(synced).containsAll(wanted);
  }

  /// The changes of lasting names after which their folder was not synced.
  private static List<Call> notSynced(List<Call> calls) {
    var missed = new ArrayList<Call>();
    for (int i = 0; i < calls.size(); i++) {
      Call call = calls.get(i);
      var parent = new Call(Step.FORCE, Publisher.folderOf(call.path()));
      boolean lasting = NAME_CHANGES.contains(call.step()) && !call.isTemporary();
      if (lasting && !calls.subList(i, calls.size()).contains(parent)) {
        missed.add(call);
      }
    }
    return missed;
  }

  private Path at(StoragePath path) {
    return root.resolve(path.value());
  }

  private static Throwable failureOf(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      return e;
    }
    throw new AssertionError("nothing failed");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
