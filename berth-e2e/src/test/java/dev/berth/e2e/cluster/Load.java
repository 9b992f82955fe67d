package dev.berth.e2e.cluster;

import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.Waiting;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// `berth load` beside what a test does to the cluster. Reports are kept in `target/load`, with the
/// memory of the example's pods meanwhile.
final class Load implements AutoCloseable {
  /// Two loads at once would measure each other: classes that need the whole machine take turns.
  static final String MACHINE = "the machine";

  private static final Duration START = Duration.ofSeconds(5);

  private final Process process;
  private final Path json;
  private final Path said;
  private final MemoryCurve memory;
  private final long began = System.nanoTime();

  private Load(Process process, Path json, Path said, MemoryCurve memory) {
    this.process = process;
    this.json = json;
    this.said = said;
    this.memory = memory;
  }

  /// What `berth load` reported, as docs/load.md names it.
  record Report(Map<?, ?> fields, String text) {
    int count(String... path) {
      Object value = fields;
      for (String name : path) {
        value = Objects.requireNonNull(((Map<?, ?>) value).get(name), name);
      }
      return ((Number) value).intValue();
    }

    /// Operations that failed for good from that second of the load on, or began to.
    int failedFrom(long second) {
      int failed = 0;
      for (Object each : (List<?>) Objects.requireNonNull(fields.get("errors"))) {
        var error = (Map<?, ?>) each;
        double last = ((Number) Objects.requireNonNull(error.get("lastSecond"))).doubleValue();
        if (last >= second) {
          failed += ((Number) Objects.requireNonNull(error.get("failed"))).intValue();
        }
      }
      return failed;
    }

    int both(String field) {
      return count("operations", "push", field) + count("operations", "pull", field);
    }
  }

  /// Starts it as soon as the URL answers: ten users where nothing else is said, small images.
  ///
  /// @param options more of them
  static Load start(String name, Example example, String url, String... options) {
    Waiting.until(
        url + " answers",
        Duration.ofMinutes(1),
        () -> new RegistryClient(URI.create(url).getAuthority()).answers());
    try {
      Path root = Registries.repository();
      Path folder = Files.createDirectories(Path.of("target", "load").toAbsolutePath());
      Path json = folder.resolve(name + ".json");
      Files.deleteIfExists(json);
      Path said = folder.resolve(name + ".txt");
      var line = new ArrayList<String>();
      line.add(root.resolve("berth").toString());
      line.addAll(List.of("load", "--size", "100KiB", "--layers", "2"));
      line.addAll(List.of("--user", example.user(), "--json", json.toString()));
      line.addAll(List.of("--html", page(json).toString()));
      line.addAll(List.of(options));
      line.add(url);
      var builder = new ProcessBuilder(line);
      builder.environment().put("BERTH_JAVA_HOME", System.getProperty("java.home"));
      Process process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
      try (var in = process.getOutputStream()) {
        in.write((example.password() + "\n").getBytes(StandardCharsets.UTF_8));
      }
      var load =
          new Load(process, json, said, MemoryCurve.start(Cluster.get(), example.namespace()));
      Waiting.until("the load runs", Duration.ofMinutes(2), () -> load.text().contains("pushes/s"));
      return load;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Seconds of the load that are over for certain: what a test does from now on cannot be why
  /// something failed before. Its own clock begins some moments after its process.
  long seconds() {
    return Duration.ofNanos(System.nanoTime() - began).minus(START).toSeconds();
  }

  /// Whether its time is not over yet.
  boolean runs() {
    return process.isAlive();
  }

  /// Waits for its end and gives its report.
  Report report() {
    try {
      if (!process.waitFor(10, TimeUnit.MINUTES)) {
        throw new AssertionError("the load does not end: " + text());
      }
      memory.close();
      memory.addTo(page(json));
      System.out.println("seen: memory of a pod in " + json.getFileName() + ": " + memory);
      Map<?, ?> fields = Serialization.unmarshal(Files.readString(json), Map.class);
      return new Report(fields, text());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(text(), e);
    }
  }

  private static Path page(Path json) {
    return Path.of(json.toString().replaceFirst("json$", "html"));
  }

  private String text() {
    try {
      return Files.readString(said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    memory.close();
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
