package dev.berth.server.reload;

import static dev.berth.server.reload.Looks.twice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedFilesTest {
  private static final WatchedFiles.Kind KIND =
      new WatchedFiles.Kind("words", 16, "too large", "not there; make it");

  @TempDir private Path folder;
  private final Reloads reloads = new Reloads(InstantSource.system());
  private final List<String> parsed = new ArrayList<>();
  private Path first;
  private Path second;

  @BeforeEach
  void write() throws IOException {
    first = Files.writeString(folder.resolve("first"), "a");
    second = Files.writeString(folder.resolve("second"), "b");
  }

  private WatchedFiles<String> open() {
    return new WatchedFiles<>(List.of(first, second), KIND, this::parse, reloads.add("words"));
  }

  private String parse(List<byte[]> files) {
    String text =
        files.stream()
            .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
            .collect(Collectors.joining("+"));
    parsed.add(text);
    if (text.contains("bad")) {
      throw new UnusableFile("bad words");
    }
    return text;
  }

  private String problem() {
    return reloads.faults().getOrDefault("reload_words", "");
  }

  @Test
  void makesItAnewOnlyWhereBytesChanged() throws IOException {
    WatchedFiles<String> files = open();
    twice(files::renew);
    twice(files::renew);
    Files.writeString(second, "c");
    twice(files::renew);

    assertThat(files.value()).isEqualTo("a+c");
    assertThat(parsed).containsExactly("a+b", "a+c");
  }

  /// Cut off in the middle it may say what nobody wants.
  @Test
  void aFileThatIsBeingWrittenIsNotTaken() throws IOException {
    WatchedFiles<String> files = open();
    Files.writeString(second, "hal");
    files.renew();
    Files.writeString(second, "half");
    files.renew();
    assertThat(files.value()).isEqualTo("a+b");
    files.renew();

    assertThat(files.value()).isEqualTo("a+half");
    assertThat(parsed).containsExactly("a+b", "a+half");
  }

  @Test
  void bytesThatMovedFromOneFileToTheNextAreAChange() throws IOException {
    Files.writeString(first, "ab");
    Files.writeString(second, "");
    WatchedFiles<String> files = open();
    Files.writeString(first, "a");
    Files.writeString(second, "b");
    twice(files::renew);

    assertThat(files.value()).isEqualTo("a+b");
  }

  @Test
  void whatCannotBeUsedLeavesTheLastGoodAndSaysSo() throws IOException {
    WatchedFiles<String> files = open();
    Files.writeString(second, "bad");
    twice(files::renew);
    assertThat(problem()).isEqualTo("bad words");

    Files.writeString(second, "x".repeat(17));
    twice(files::renew);
    assertThat(problem()).isEqualTo(second + ": too large");

    Files.delete(second);
    twice(files::renew);
    assertThat(problem()).isEqualTo(second + ": not there; make it");

    Files.createDirectory(second);
    twice(files::renew);
    assertThat(problem()).startsWith(second + ": cannot be read: ");
    assertThat(files.value()).isEqualTo("a+b");

    Files.delete(second);
    Files.writeString(second, "b");
    twice(files::renew);
    assertThat(problem()).isEmpty();
  }

  /// A key that does not belong to its certificate shows only when somebody uses it.
  @Test
  void whatWhoeverUsesItRefusesDoesNotHoldAndIsTriedAgain() throws IOException {
    WatchedFiles<String> files = open();
    Files.writeString(second, "c");
    List<String> offered = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      files.renew(
          made -> {
            offered.add(made);
            throw new UnusableFile("they do not fit");
          });
    }

    assertThat(offered).containsExactly("a+c", "a+c");
    assertThat(files.value()).isEqualTo("a+b");
    assertThat(problem()).isEqualTo("they do not fit");
  }

  @Test
  void refusesToBeginWithoutThem() throws IOException {
    Files.delete(first);

    assertThatThrownBy(this::open)
        .isInstanceOf(UnusableFile.class)
        .hasMessage("words: " + first + ": not there; make it");
  }
}
