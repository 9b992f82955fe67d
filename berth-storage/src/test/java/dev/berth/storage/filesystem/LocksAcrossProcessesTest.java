package dev.berth.storage.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.storage.StorageDriver;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two processes on one store: never two writers of one file.
final class LocksAcrossProcessesTest {
  private static final StoragePath PATH = new StoragePath("f/a");

  @TempDir Path root;

  // Set before each test.
  @SuppressWarnings("NullAway.Init")
  private FilesystemDriver driver;

  @SuppressWarnings("NullAway.Init")
  private Other other;

  @BeforeEach
  void start() throws IOException {
    driver = FilesystemDriver.open(root);
    driver.put(PATH, new byte[3]);
    other = new Other(root);
  }

  @AfterEach
  void end() throws Exception {
    other.kill();
    driver.close();
  }

  @Test
  void fileThatAnotherProcessWritesIsBusy() throws IOException {
    assertThat(other.ask("append")).isEqualTo("open");

    assertThat(driver.append(PATH)).isInstanceOf(StorageDriver.Appending.Busy.class);
  }

  @Test
  void fileIsFreeWhenTheOtherProcessClosesIt() throws IOException {
    assertThat(other.ask("append")).isEqualTo("open");
    assertThat(other.ask("close")).isEqualTo("closed");

    writer().close();
  }

  @Test
  void fileIsFreeWhenTheOtherProcessIsKilled() throws Exception {
    assertThat(other.ask("append")).isEqualTo("open");

    other.kill();

    writer().close();
  }

  @Test
  void fileThatThisProcessWritesIsBusyForTheOther() throws IOException {
    try (StorageWriter writer = writer()) {
      assertThat(other.ask("append")).isEqualTo("busy");
      assertThat(writer.size()).isEqualTo(3);
    }
    assertThat(other.ask("append")).isEqualTo("open");
  }

  /// A lock on the file itself would be gone here: Linux drops it when any descriptor is closed.
  @Test
  void readingTheFileDoesNotFreeIt() throws IOException {
    try (StorageWriter writer = writer()) {
      driver.open(PATH).orElseThrow().close();
      driver.read(PATH, 100);
      driver.sync(PATH);

      assertThat(other.ask("append")).isEqualTo("busy");
      assertThat(writer.size()).isEqualTo(3);
    }
  }

  @Test
  void otherFilesAreFree() throws IOException {
    assertThat(other.ask("append")).isEqualTo("open");
    driver.put(new StoragePath("f/b"), new byte[0]);

    assertThat(driver.append(new StoragePath("f/b")))
        .isInstanceOf(StorageDriver.Appending.Open.class);
  }

  private StorageWriter writer() {
    return ((StorageDriver.Appending.Open) driver.append(PATH)).writer();
  }

  /// The other process, which does as it is asked.
  private static final class Other {
    private final Process process;
    private final BufferedReader answers;
    private final PrintStream questions;

    Other(Path root) throws IOException {
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      String classes = System.getProperty("java.class.path");
      process =
          new ProcessBuilder(
                  java, "-cp", classes, AppendingProcess.class.getName(), root.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      answers = process.inputReader(StandardCharsets.UTF_8);
      questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    String ask(String question) throws IOException {
      questions.println(question);
      return String.valueOf(answers.readLine());
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }
  }
}
