package dev.berth.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// A registry as a child process of the test. Its configuration file and its output lie in a folder
/// beside its store.
final class RegistryProcess implements RunningRegistry {
  /// Against a hang only. A first start of Berth may build it.
  private static final Duration FIRST_ANSWER = Duration.ofMinutes(5);

  private static final Duration END = Duration.ofSeconds(30);

  private final Process process;
  private final int port;
  private final Path root;
  private final Path log;

  private RegistryProcess(Process process, int port, Path root, Path log) {
    this.process = process;
    this.port = port;
    this.root = root;
    this.log = log;
  }

  /// Starts `command` with the path of a written config file and waits for its first answer.
  ///
  /// @throws AssertionError with its output, when it ends before it answers
  static RegistryProcess start(
      RegistryConfig config,
      Map<String, String> environment,
      int port,
      Function<Path, List<String>> command) {
    try {
      Path folder = Files.createTempDirectory("berth-e2e-");
      Path file = Files.writeString(folder.resolve("config.yml"), config.yaml(port));
      Path log = folder.resolve("log");
      // In this order, because the last named is deleted first.
      List.of(folder, file, log).forEach(path -> path.toFile().deleteOnExit());
      var builder = new ProcessBuilder(command.apply(file));
      builder.environment().putAll(environment);
      builder.redirectErrorStream(true).redirectOutput(log.toFile());
      var started = new RegistryProcess(builder.start(), port, config.root(), log);
      var client = new RegistryClient(started.host());
      boolean tls = environment.containsKey("REGISTRY_HTTP_TLS_CERTIFICATE");
      started.awaitFirstAnswer(tls ? () -> LoopbackPorts.isTaken(started.port) : client::answers);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String host() {
    return "127.0.0.1:" + port;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public Path root() {
    return root;
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public void stop() {
    process.destroy();
    awaitEnd();
  }

  @Override
  public void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    awaitEnd();
  }

  @Override
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("did not end within " + END + " of its signal\n" + log());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a registry ends", e);
    }
  }

  private void awaitFirstAnswer(BooleanSupplier answers) {
    long deadline = System.nanoTime() + FIRST_ANSWER.toNanos();
    while (!answers.getAsBoolean()) {
      if (!process.isAlive()) {
        throw new AssertionError("ended with " + process.exitValue() + " at start\n" + log());
      }
      if (System.nanoTime() > deadline) {
        kill();
        throw new AssertionError("no answer within " + FIRST_ANSWER + "\n" + log());
      }
      Waiting.pause(Duration.ofMillis(10));
    }
  }
}
