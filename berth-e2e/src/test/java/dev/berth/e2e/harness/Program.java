package dev.berth.e2e.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A program to run to its end. Bounded in time; a program over its bound is killed and fails.
public final class Program {
  /// Against hangs only: no test reads it as a measure of speed.
  private static final Duration DEFAULT_BOUND = Duration.ofMinutes(5);

  private final List<String> line;
  private final Map<String, String> environment = new HashMap<>();
  private @Nullable Path directory;
  private Duration bound = DEFAULT_BOUND;
  private String input = "";

  private Program(List<String> line) {
    this.line = line;
  }

  /// What a program left behind.
  public record Outcome(String line, int exit, String out, String err) {
    /// This outcome, if the program ended with status 0.
    ///
    /// @throws AssertionError with everything the program printed
    public Outcome orFail() {
      if (exit != 0) {
        throw new AssertionError(this.toString());
      }
      return this;
    }

    /// Standard output without the blanks around it.
    public String text() {
      return out.strip();
    }

    @Override
    public String toString() {
      return "%s%nended with %d%n%s%n%s".formatted(line, exit, out, err);
    }
  }

  public static Program of(Object... words) {
    var line = new ArrayList<String>();
    for (Object word : words) {
      line.add(word.toString());
    }
    return new Program(line);
  }

  public Program with(String name, Object value) {
    environment.put(name, value.toString());
    return this;
  }

  public Program in(Path workingDirectory) {
    directory = workingDirectory;
    return this;
  }

  /// Gives it a few lines of standard input; otherwise there are none.
  public Program told(String text) {
    input = text;
    return this;
  }

  public Program within(Duration limit) {
    bound = limit;
    return this;
  }

  /// Runs the program and fails unless it ends with status 0.
  public Outcome run() {
    return outcome().orFail();
  }

  /// Runs the program to its end, whatever its status.
  public Outcome outcome() {
    try {
      return collect(start());
    } catch (IOException e) {
      throw new UncheckedIOException(String.join(" ", line), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + line, e);
    }
  }

  private Process start() throws IOException {
    var builder = new ProcessBuilder(line);
    builder.environment().putAll(environment);
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    Process process = builder.start();
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    return process;
  }

  private Outcome collect(Process process) throws InterruptedException {
    var out = new StringBuffer();
    var err = new StringBuffer();
    Thread outReader = reader(process.getInputStream(), out);
    Thread errReader = reader(process.getErrorStream(), err);
    if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError("still running after " + bound + ": " + line + "\n" + out + err);
    }
    // A daemon the program left behind may hold the pipes open: do not wait for it for ever.
    outReader.join(Duration.ofSeconds(10));
    errReader.join(Duration.ofSeconds(10));
    return new Outcome(String.join(" ", line), process.exitValue(), out.toString(), err.toString());
  }

  private static Thread reader(InputStream stream, StringBuffer into) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                into.append(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
              } catch (IOException e) {
                into.append("[output cut: ").append(e.getMessage()).append(']');
              }
            });
  }
}
