package dev.berth.storage.filesystem;

import dev.berth.storage.StorageDriver.Appending;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/// A process of its own that opens and closes `f/a` in the store it is given, as told on standard
/// input.
final class AppendingProcess {
  private AppendingProcess() {}

  public static void main(String[] arguments) throws IOException {
    Deque<StorageWriter> writers = new ArrayDeque<>();
    var questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (FilesystemDriver driver = FilesystemDriver.open(Path.of(arguments[0]))) {
      for (String line = questions.readLine(); line != null; line = questions.readLine()) {
        System.out.println(answer(driver, line, writers));
      }
    }
  }

  private static String answer(
      FilesystemDriver driver, String question, Deque<StorageWriter> writers) {
    if (question.equals("close")) {
      writers.remove().close();
      return "closed";
    }
    return switch (driver.append(new StoragePath("f/a"))) {
      case Appending.Open open -> {
        writers.add(open.writer());
        yield "open";
      }
      case Appending.Busy _ -> "busy";
      case Appending.Missing _ -> "missing";
    };
  }
}
