package dev.berth.e2e.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Digests;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Waiting;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A client that pushes images in chunks, looks at once whether they are there, and deletes some.
/// It goes on when a request fails; what was acknowledged and is not there is a loss.
final class ReplicaClient {
  private static final int LAYER_BYTES = 40_000;
  private static final int ATTEMPTS = 50;

  private final RegistryClient registry;
  private final RandomGenerator random;
  private final String repository;
  private final List<Acknowledged> acknowledged = new ArrayList<>();
  private final List<String> losses = new ArrayList<>();
  private final List<Long> nanos = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();
  private int pushes;

  /// @param digest null once the tag was deleted
  record Acknowledged(String repository, String tag, @Nullable String digest) {}

  ReplicaClient(RegistryClient registry, RandomGenerator random, String repository) {
    this.registry = registry;
    this.random = random;
    this.repository = repository;
  }

  /// Clients that all push and look through `replicas` until the time is over.
  ///
  /// @param meanwhile is carried out again and again
  static List<ReplicaClient> work(
      Replicas replicas, int count, SplittableRandom random, Duration time, Runnable meanwhile) {
    long end = System.nanoTime() + time.toNanos();
    List<ReplicaClient> clients = new ArrayList<>();
    List<Future<?>> work = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      for (int i = 0; i < count; i++) {
        var client = new ReplicaClient(replicas.client(), random.split(), "client" + i);
        clients.add(client);
        work.add(
            threads.submit(
                () -> {
                  while (System.nanoTime() < end) {
                    client.pushAndLook();
                  }
                }));
      }
      while (System.nanoTime() < end) {
        meanwhile.run();
      }
    }
    assertThat(work).allSatisfy(each -> assertThat(each).succeedsWithin(Duration.ZERO));
    return clients;
  }

  private void pushAndLook() {
    String tag = "t" + pushes++;
    SampleImage image = SampleImage.oci(random, "amd64", 1, LAYER_BYTES);
    long start = System.nanoTime();
    try {
      for (byte[] blob : image.blobs()) {
        pushInChunks(blob);
      }
      registry.pushManifest(repository, tag, image.manifest());
    } catch (UncheckedIOException | AssertionError failed) {
      errors.add(String.valueOf(failed.getMessage()));
      return;
    }
    nanos.add(System.nanoTime() - start);
    acknowledged.add(new Acknowledged(repository, tag, image.digest()));
    look(image, tag);
    if (random.nextInt(4) == 0) {
      delete(tag);
    }
  }

  private void pushInChunks(byte[] blob) {
    String location = registry.startUpload(repository);
    int half = blob.length / 2;
    location = registry.appendChunk(location, 0, Arrays.copyOf(blob, half));
    byte[] rest = Arrays.copyOfRange(blob, half, blob.length);
    if (random.nextBoolean()) {
      location = registry.appendChunk(location, half, rest);
      rest = new byte[0];
    }
    registry.finishUpload(location, rest, Digests.sha256(blob));
  }

  /// Whichever replica answers: what was acknowledged before the question is seen.
  private void look(SampleImage image, String tag) {
    long start = System.nanoTime();
    expect("tag", tag, Optional.of(image.digest()), () -> registry.resolve(repository, tag));
    expect("list", tag, true, () -> registry.tags(repository).contains(tag));
    for (byte[] blob : image.blobs()) {
      String digest = Digests.sha256(blob);
      expect(
          "blob",
          digest,
          Optional.of(digest),
          () -> registry.findBlob(repository, digest).map(Digests::sha256));
    }
    nanos.add(System.nanoTime() - start);
  }

  private void delete(String tag) {
    try {
      int status = registry.deleteManifest(repository, tag);
      if (status != 202) {
        errors.add("delete: " + status);
        return;
      }
    } catch (UncheckedIOException failed) {
      errors.add(String.valueOf(failed.getMessage()));
      return;
    } finally {
      // Deleted or not, nobody can say what it is.
      acknowledged.removeLast();
    }
    acknowledged.add(new Acknowledged(repository, tag, null));
    expect("deleted", tag, Optional.empty(), () -> registry.resolve(repository, tag));
    expect("deleted from list", tag, false, () -> registry.tags(repository).contains(tag));
  }

  private interface Look {
    Object look();
  }

  /// A broken connection and a 5xx say nothing; the next answer counts.
  private void expect(String what, String which, Object expected, Look look) {
    String last = "";
    for (int i = 0; i < ATTEMPTS; i++) {
      try {
        Object found = look.look();
        if (!found.equals(expected)) {
          losses.add("%s %s/%s is %s, not %s".formatted(what, repository, which, found, expected));
        }
        return;
      } catch (UncheckedIOException | AssertionError failed) {
        last = String.valueOf(failed.getMessage());
        errors.add(last);
        Waiting.pause(Duration.ofMillis(100));
      }
    }
    losses.add("%s %s/%s: never answered: %s".formatted(what, repository, which, last));
  }

  List<Acknowledged> acknowledged() {
    return acknowledged;
  }

  List<String> losses() {
    return losses;
  }

  List<String> errors() {
    return errors;
  }

  List<Long> nanos() {
    return nanos;
  }
}
