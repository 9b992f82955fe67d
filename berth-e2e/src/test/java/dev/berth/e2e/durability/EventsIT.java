package dev.berth.e2e.durability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.EventSink;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Events of what was acknowledged reach their endpoint, whatever happens to the process that
/// answered.
class EventsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Pattern TAG = Pattern.compile("\"tag\": \"([^\"]*)\"");
  private static final int CLIENTS = 3;

  @TempDir private Path root;

  private RunningRegistry start(String notifications) {
    return Registries.BERTH.start(RegistryConfig.on(root).withExtra(notifications));
  }

  private static Set<String> tags(EventSink sink) {
    return sink.envelopes().stream()
        .flatMap(text -> TAG.matcher(text).results())
        .map(match -> match.group(1))
        .collect(Collectors.toSet());
  }

  @Test
  void everyAcknowledgedPushHasItsEventAfterAKill() throws InterruptedException {
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    Path events = root.resolve("berth/events");
    String nobody = "127.0.0.1:9";
    try (EventSink sink = EventSink.start(true)) {
      String down = sink.config("1s").replaceAll("127\\.0\\.0\\.1:\\d+", nobody);
      for (int round = 0; round < 3; round++) {
        RunningRegistry registry = start(round == 1 ? sink.config("1s") : down);
        SampleImage image = SampleImage.small(new Random(round));
        registry.client().push("a", "first" + round, image);
        acknowledged.add("first" + round);
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          String prefix = "r" + round + "c" + i + "-";
          clients.add(
              Thread.ofPlatform()
                  .start(() -> pushUntilItEnds(registry.client(), image, prefix, acknowledged)));
        }
        int enough = acknowledged.size() + 60;
        Waiting.until("some pushes", PATIENCE, () -> acknowledged.size() > enough);
        registry.kill();
        for (Thread client : clients) {
          client.join();
        }
      }
      try (RunningRegistry _ = start(sink.config("1s"))) {
        Waiting.until("all events", PATIENCE, () -> tags(sink).containsAll(acknowledged));
        // The endpoint has the last event before the queue knows.
        Waiting.until("no queue left", PATIENCE, () -> !hasQueues(events));
      }
      System.out.printf("%d pushes, %d events%n", acknowledged.size(), sink.envelopes().size());
    }
    assertThat(events).isEmptyDirectory();
  }

  /// Anything but the file by which a living process holds its folder.
  private static boolean hasQueues(Path events) {
    try (var files = Files.walk(events)) {
      return files.anyMatch(file -> Files.isRegularFile(file) && !file.endsWith("owner"));
    } catch (IOException | UncheckedIOException removed) {
      return true;
    }
  }

  private static void pushUntilItEnds(
      RegistryClient client, SampleImage image, String prefix, Set<String> acknowledged) {
    try {
      for (int i = 0; ; i++) {
        client.pushManifest("a", prefix + i, image.manifest());
        acknowledged.add(prefix + i);
      }
    } catch (UncheckedIOException killed) {
      // What was under way may have its event or not.
    }
  }

  /// With a wait for the endpoint, which never answers, the pushes would never end.
  @Test
  void anEndpointThatHangsHoldsUpNoPush() {
    try (EventSink sink = EventSink.start(false);
        RunningRegistry registry = start(sink.config("1h"))) {
      SampleImage image = SampleImage.small(new Random(5));
      registry.client().push("a", "t0", image);
      Waiting.until("the first event", PATIENCE, () -> !sink.envelopes().isEmpty());
      for (int i = 1; i <= 100; i++) {
        registry.client().pushManifest("a", "t" + i, image.manifest());
      }
      assertThat(sink.envelopes()).hasSize(1);
    }
  }

  /// Two processes on one store; the endpoint is down for the one that dies.
  @Test
  void anotherProcessTakesOverWhatADeadOneLeft() {
    try (EventSink sink = EventSink.start(true);
        RunningRegistry living = start(sink.config("1s"))) {
      String down = sink.config("1s").replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:9");
      RunningRegistry dying = start(down);
      SampleImage image = SampleImage.small(new Random(6));
      dying.client().push("a", "mine", image);
      living.client().push("b", "yours", SampleImage.small(new Random(7)));
      Waiting.until("its own", PATIENCE, () -> tags(sink).contains("yours"));
      assertThat(tags(sink)).doesNotContain("mine");

      dying.kill();

      Waiting.until("those of the dead", PATIENCE, () -> tags(sink).contains("mine"));
    }
  }
}
