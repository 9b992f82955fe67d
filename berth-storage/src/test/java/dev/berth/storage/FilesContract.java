package dev.berth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every driver does with whole files, seen by one caller.
abstract class FilesContract extends ReadingContract {
  @Test
  void putReplaces() {
    put("a", "a long text");
    put("a", "short");

    assertThat(text("a")).isEqualTo("short");
  }

  @Test
  void putKeepsItsOwnCopy() {
    byte[] content = bytes("hello");
    driver.put(path("a"), content);

    content[0] = 'j';

    assertThat(text("a")).isEqualTo("hello");
  }

  @Test
  void readGivesACopy() {
    put("a", "hello");

    driver.read(path("a"), MOST).orElseThrow()[0] = 'j';

    assertThat(text("a")).isEqualTo("hello");
  }

  @Test
  void putOnFolderIsRefusedAndLeavesIt() {
    put("a/b", "hello");

    assertThatThrownBy(() -> put("a", "x")).isInstanceOf(StorageException.Broken.class);

    assertThat(text("a/b")).isEqualTo("hello");
    assertThat(names("a")).containsExactly("b");
  }

  @Test
  void putBelowFileIsRefusedAndLeavesIt() {
    put("a", "hello");

    assertThatThrownBy(() -> put("a/b/c", "x"))
        .isInstanceOf(StorageException.Broken.class)
        .hasMessageContaining("a file stands where a folder belongs");

    assertThat(text("a")).isEqualTo("hello");
  }

  @Test
  void createMakesTheFile() {
    assertThat(driver.create(path("a/b"), bytes("hello"))).isTrue();

    assertThat(text("a/b")).isEqualTo("hello");
    assertThat(names("a")).containsExactly("b");
  }

  @Test
  void createLeavesWhatIsThere() {
    put("a", "hello");

    assertThat(driver.create(path("a"), bytes("other"))).isFalse();

    assertThat(text("a")).isEqualTo("hello");
  }

  @Test
  void createLeavesFolder() {
    put("a/b", "hello");

    assertThat(driver.create(path("a"), bytes("other"))).isFalse();

    assertThat(text("a/b")).isEqualTo("hello");
  }

  @Test
  void createWorksAgainAfterDelete() {
    put("a", "hello");
    driver.delete(path("a"));

    assertThat(driver.create(path("a"), bytes("other"))).isTrue();
  }

  @Test
  void createPrivateIsACreate() {
    assertThat(driver.createPrivate(path("a/b"), bytes("hello"))).isTrue();
    assertThat(driver.createPrivate(path("a/b"), bytes("other"))).isFalse();

    assertThat(text("a/b")).isEqualTo("hello");
  }

  @Test
  void putVolatileCreatesAndReplaces() {
    driver.putVolatile(path("a/b"), bytes("one"));
    driver.putVolatile(path("a/b"), bytes("two"));

    assertThat(text("a/b")).isEqualTo("two");
  }

  @Test
  void putVolatileMakesEmptyFile() {
    driver.putVolatile(path("a/b"), new byte[0]);

    assertThat(driver.stat(path("a/b")).orElseThrow().size()).isZero();
  }

  @Test
  void moveTakesContentAlong() {
    put("a/b", "hello");

    assertThat(driver.move(path("a/b"), path("c/d/e"))).isTrue();

    assertThat(text("c/d/e")).isEqualTo("hello");
    assertMissing("a/b");
  }

  @Test
  void moveReplaces() {
    put("a", "new");
    put("b", "old and longer");

    assertThat(driver.move(path("a"), path("b"))).isTrue();

    assertThat(text("b")).isEqualTo("new");
    assertMissing("a");
  }

  @Test
  void moveWithinFolderWorks() {
    put("f/a", "hello");

    assertThat(driver.move(path("f/a"), path("f/b"))).isTrue();

    assertThat(names("f")).containsExactly("b");
  }

  @Test
  void moveOntoItselfChangesNothing() {
    put("a", "hello");

    assertThat(driver.move(path("a"), path("a"))).isTrue();

    assertThat(text("a")).isEqualTo("hello");
  }

  @Test
  void moveOfMissingFileIsFalseAndLeavesTarget() {
    put("b", "old");

    assertThat(driver.move(path("a"), path("b"))).isFalse();
    assertThat(driver.move(path("a"), path("new/folder"))).isFalse();

    assertThat(text("b")).isEqualTo("old");
  }

  @Test
  void moveOntoFolderIsRefusedAndLeavesBoth() {
    put("a", "hello");
    put("f/b", "other");

    assertThatThrownBy(() -> driver.move(path("a"), path("f")))
        .isInstanceOf(StorageException.Broken.class);

    assertThat(text("a")).isEqualTo("hello");
    assertThat(text("f/b")).isEqualTo("other");
  }

  @Test
  void deleteRemovesFile() {
    put("f/a", "hello");
    put("f/b", "hello");

    assertThat(driver.delete(path("f/a"))).isTrue();

    assertMissing("f/a");
    assertThat(names("f")).containsExactly("b");
  }

  @Test
  void deleteOfMissingFileIsFalse() {
    put("f/a", "hello");

    assertThat(driver.delete(path("x"))).isFalse();
    assertThat(driver.delete(path("x/y"))).isFalse();
    assertThat(driver.delete(path("f/a/y"))).isFalse();
  }

  @Test
  void deleteLeavesFolderEvenIfEmpty() {
    put("f/a", "hello");
    driver.delete(path("f/a"));

    assertThat(driver.delete(path("f"))).isFalse();

    assertThat(names("f")).isEmpty();
  }

  @Test
  void deleteTreeRemovesAllBelow() {
    put("f/a", "hello");
    put("f/g/h/b", "hello");
    put("keep/a", "hello");

    assertThat(driver.deleteTree(path("f"))).isTrue();

    assertMissing("f");
    assertMissing("f/g/h/b");
    assertThat(text("keep/a")).isEqualTo("hello");
  }

  @Test
  void deleteTreeOfMissingFolderIsFalse() {
    assertThat(driver.deleteTree(path("f"))).isFalse();
  }

  @Test
  void deleteTreeLeavesFile() {
    put("f/a", "hello");

    assertThat(driver.deleteTree(path("f/a"))).isFalse();

    assertThat(text("f/a")).isEqualTo("hello");
  }

  @Test
  void discardRemovesAllBelow() {
    put("f/g/a", "hello");
    put("keep/a", "hello");

    assertThat(driver.discard(path("f"))).isTrue();
    assertThat(driver.discard(path("f"))).isFalse();
    assertThat(driver.discard(path("keep/a"))).isFalse();

    assertMissing("f");
    assertThat(text("keep/a")).isEqualTo("hello");
  }

  @Test
  void syncTellsWhetherTheFileIsThere() {
    put("f/a", "hello");

    assertThat(driver.sync(path("f/a"))).isTrue();
    assertThat(driver.sync(path("f"))).isFalse();
    assertThat(driver.sync(path("f/b"))).isFalse();
    assertThat(driver.sync(path("g/b"))).isFalse();
  }

  @Test
  void touchNeverFailsAndNeverChangesContent() {
    put("f/a", "hello");
    Instant before = driver.stat(path("f/a")).orElseThrow().modified();

    driver.touch(path("f/a"));
    driver.touch(path("f/missing"));

    // Stores may keep whole milliseconds.
    Instant after = driver.stat(path("f/a")).orElseThrow().modified();
    assertThat(after).isAfterOrEqualTo(before.minusMillis(1));
    assertThat(text("f/a")).isEqualTo("hello");
    assertMissing("f/missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "...", "..a", "-rf", "a=b+c", "%2e%2e", "~", "*", "a\\b", "\n"})
  void namesAreTakenAsTheyAre(String name) {
    put("f/" + name, "hello");

    assertThat(names("f")).containsExactly(name);
    assertThat(text("f/" + name)).isEqualTo("hello");
    assertThat(driver.delete(path("f/" + name))).isTrue();
  }

  @Test
  void namesOf255BytesWork() {
    String longest = "n".repeat(255);

    put(longest + "/" + longest, "hello");
    assertThat(driver.create(path(longest + "/" + "m".repeat(255)), bytes("x"))).isTrue();
    append(longest + "/" + longest, " world");

    assertThat(text(longest + "/" + longest)).isEqualTo("hello world");
  }

  @Test
  void twentyLevelsWork() {
    String deep = String.join("/", Collections.nCopies(20, "level"));

    put(deep + "/file", "hello");
    driver.move(path(deep + "/file"), path("other/" + deep));

    assertThat(text("other/" + deep)).isEqualTo("hello");
    assertThat(driver.deleteTree(path("level"))).isTrue();
  }

  @Test
  void contentIsThereAfterReopening() {
    put("a/b", "hello");

    reopen();

    assertThat(text("a/b")).isEqualTo("hello");
  }

  @Test
  void spaceIsNeverMoreThanTheWhole() {
    Space space = driver.space();

    assertThat(space.usable()).isPositive().isLessThanOrEqualTo(space.total());
  }
}
