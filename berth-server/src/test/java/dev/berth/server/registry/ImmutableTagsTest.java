package dev.berth.server.registry;

import static dev.berth.server.registry.Pushes.sha256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.oci.Digest;
import dev.berth.oci.ErrorCode;
import dev.berth.oci.MediaType;
import dev.berth.oci.Registry;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.storage.memory.MemoryDriver;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ImmutableTagsTest {
  private static final RepositoryName REPOSITORY = new RepositoryName("a");
  private static final MediaType TYPE = MediaType.OCI_MANIFEST;

  /// Tags that begin with `v` stay in the repository `a`.
  static final RegistryRules STAY =
      new RegistryRules(
          true,
          false,
          true,
          false,
          _ -> true,
          10,
          repository ->
              repository.equals(REPOSITORY)
                  ? Optional.of(tag -> tag.value().startsWith("v"))
                  : Optional.empty());

  private final MemoryDriver memory = new MemoryDriver(1 << 26, InstantSource.system());
  private final Registry registry = RegistryContract.over(memory, STAY);
  private final Pushes pushes = new Pushes(registry);

  private static void denied(ThrowingCallable request) {
    assertThatThrownBy(request)
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.DENIED);
              assertThat(e.status()).isEqualTo(403);
              assertThat(e).hasMessageContaining("the tag v1 is immutable here");
            });
  }

  private Digest at(RepositoryName repository, String tag) {
    return registry.getManifest(repository, new Tag(tag)).digest();
  }

  @Test
  void aTagThatStaysTakesTheSameManifestAgainAndNoOther() {
    byte[] one = pushes.image(REPOSITORY, "one");
    byte[] other = pushes.image(REPOSITORY, "other");
    pushes.push(REPOSITORY, one, TYPE, "v1", "latest");

    pushes.push(REPOSITORY, one, TYPE, "v1");
    denied(() -> pushes.push(REPOSITORY, other, TYPE, "v1"));
    denied(() -> pushes.push(REPOSITORY, other, TYPE, "latest", "v1"));

    assertThat(at(REPOSITORY, "v1")).isEqualTo(sha256(one));
    assertThat(at(REPOSITORY, "latest")).isEqualTo(sha256(one));
    assertThatThrownBy(() -> registry.getManifest(REPOSITORY, sha256(other)))
        .isInstanceOf(RegistryException.class);
    pushes.push(REPOSITORY, other, TYPE, "latest");
    assertThat(at(REPOSITORY, "latest")).isEqualTo(sha256(other));
  }

  @Test
  void neitherItNorItsManifestIsDeleted() {
    byte[] one = pushes.image(REPOSITORY, "one");
    byte[] other = pushes.image(REPOSITORY, "other");
    pushes.push(REPOSITORY, one, TYPE, "v1", "latest");
    pushes.push(REPOSITORY, other, TYPE, "other");

    denied(() -> registry.deleteTag(REPOSITORY, new Tag("v1")));
    denied(() -> registry.deleteManifest(REPOSITORY, sha256(one)));
    registry.deleteTag(REPOSITORY, new Tag("latest"));
    registry.deleteManifest(REPOSITORY, sha256(other));

    assertThat(at(REPOSITORY, "v1")).isEqualTo(sha256(one));
    assertThatThrownBy(() -> registry.deleteTag(REPOSITORY, new Tag("v2")))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_UNKNOWN));
  }

  @Test
  void otherRepositoriesAreFree() {
    RepositoryName free = new RepositoryName("b");
    pushes.push(free, pushes.image(free, "one"), TYPE, "v1");
    byte[] other = pushes.image(free, "other");
    pushes.push(free, other, TYPE, "v1");

    assertThat(at(free, "v1")).isEqualTo(sha256(other));
    registry.deleteTag(free, new Tag("v1"));
  }

  @Test
  void ofTwoThatRaceForATagOneWins() throws InterruptedException {
    byte[] one = pushes.image(REPOSITORY, "one");
    byte[] other = pushes.image(REPOSITORY, "other");
    for (int round = 0; round < 300; round++) {
      String tag = "v" + round;
      AtomicInteger won = new AtomicInteger();
      CyclicBarrier barrier = new CyclicBarrier(2);
      List<Thread> both = new ArrayList<>();
      for (byte[] manifest : List.of(one, other)) {
        both.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      await(barrier);
                      if (isTaken(manifest, tag)) {
                        won.incrementAndGet();
                      }
                    }));
      }
      for (Thread thread : both) {
        thread.join();
      }
      assertThat(won).as(tag).hasValue(1);
    }
  }

  private boolean isTaken(byte[] manifest, String tag) {
    try {
      pushes.push(REPOSITORY, manifest, TYPE, tag);
      return true;
    } catch (RegistryException denied) {
      return false;
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }
}
