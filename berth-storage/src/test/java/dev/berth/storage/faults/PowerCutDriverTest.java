package dev.berth.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageWriter;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class PowerCutDriverTest {
  private static final StoragePath PATH = new StoragePath("f/a");
  private static final StoragePath OTHER = new StoragePath("g/b");

  @Test
  void putSurvives() {
    assertThat(sizesAfterCut(PATH, store -> store.put(PATH, new byte[5]))).containsExactly(5);
  }

  @Test
  void createSurvives() {
    assertThat(sizesAfterCut(PATH, store -> store.create(PATH, new byte[5]))).containsExactly(5);
  }

  @Test
  void volatileFileSurvivesWholeOrInPartOrNot() {
    assertThat(sizesAfterCut(PATH, store -> store.putVolatile(PATH, new byte[2])))
        .containsExactly(-1, 0, 1, 2);
  }

  @Test
  void volatileReplacementKeepsOldOrNew() {
    assertThat(
            sizesAfterCut(
                PATH,
                store -> {
                  store.put(PATH, new byte[9]);
                  store.putVolatile(PATH, new byte[1]);
                }))
        .containsExactly(0, 1, 9);
  }

  @Test
  void deleteSurvives() {
    assertThat(
            sizesAfterCut(
                PATH,
                store -> {
                  store.put(PATH, new byte[5]);
                  store.delete(PATH);
                }))
        .containsExactly(-1);
  }

  @Test
  void deleteTreeSurvives() {
    assertThat(
            sizesAfterCut(
                PATH,
                store -> {
                  store.put(PATH, new byte[5]);
                  store.deleteTree(new StoragePath("f"));
                }))
        .containsExactly(-1);
  }

  @Test
  void discardedFolderMayBeBack() {
    assertThat(
            sizesAfterCut(
                PATH,
                store -> {
                  store.put(PATH, new byte[5]);
                  store.discard(new StoragePath("f"));
                }))
        .containsExactly(-1, 5);
  }

  @Test
  void syncedBytesSurviveAndOthersMayNot() {
    assertThat(
            sizesAfterCut(
                PATH,
                store -> {
                  store.put(PATH, new byte[0]);
                  append(store, 3, true);
                  append(store, 2, false);
                }))
        .containsExactly(3, 4, 5);
  }

  @Test
  void moveOfSyncedFileSurvives() {
    assertThat(
            sizesAfterCut(
                OTHER,
                store -> {
                  store.putVolatile(PATH, new byte[0]);
                  append(store, 3, true);
                  store.move(PATH, OTHER);
                }))
        .containsExactly(3);
  }

  @Test
  void moveWithoutSyncLosesBytes() {
    assertThat(
            sizesAfterCut(
                OTHER,
                store -> {
                  store.putVolatile(PATH, new byte[0]);
                  append(store, 2, false);
                  store.move(PATH, OTHER);
                }))
        .containsExactly(0, 1, 2);
  }

  @Test
  void nameMovedFromIsGone() {
    assertThat(
            sizesAfterCut(
                PATH,
                store -> {
                  store.put(PATH, new byte[3]);
                  store.move(PATH, OTHER);
                }))
        .containsExactly(-1);
  }

  @Test
  void syncOfPathMakesVolatileFileSurvive() {
    assertThat(
            sizesAfterCut(
                PATH,
                store -> {
                  store.putVolatile(PATH, new byte[3]);
                  store.sync(PATH);
                }))
        .containsExactly(3);
  }

  @Test
  void cutStoreFails() {
    var store = new PowerCutDriver(1);
    store.put(PATH, new byte[3]);
    StorageWriter writer = ((StorageDriver.Appending.Open) store.append(PATH)).writer();

    store.cut();

    assertThatThrownBy(() -> store.stat(PATH)).isInstanceOf(StorageException.Broken.class);
    assertThatThrownBy(writer::sync).isInstanceOf(StorageException.Broken.class);
  }

  private static void append(StorageDriver store, int bytes, boolean sync) {
    try (StorageWriter writer = ((StorageDriver.Appending.Open) store.append(PATH)).writer()) {
      writer.write(ByteBuffer.allocate(bytes));
      if (sync) {
        writer.sync();
      }
    }
  }

  /// The sizes that the file can have after the next start, -1 for no file, over many seeds.
  private static Set<Integer> sizesAfterCut(StoragePath path, Consumer<StorageDriver> work) {
    var sizes = new TreeSet<Integer>();
    for (int seed = 0; seed < 100; seed++) {
      var store = new PowerCutDriver(seed);
      work.accept(store);
      sizes.add(store.cut().read(path, 100).map(content -> content.length).orElse(-1));
    }
    return sizes;
  }
}
