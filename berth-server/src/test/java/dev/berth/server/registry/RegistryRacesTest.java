package dev.berth.server.registry;

import static dev.berth.server.registry.Pushes.bytes;
import static dev.berth.server.registry.Pushes.sha256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.oci.Digest;
import dev.berth.oci.ErrorCode;
import dev.berth.oci.ManifestPush;
import dev.berth.oci.MediaType;
import dev.berth.oci.Registry;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.server.store.Digests;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StoragePath;
import dev.berth.storage.filesystem.FilesystemDriver;
import dev.berth.storage.memory.MemoryDriver;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two clients at once, the second one in the worst moment of the first one's request.
class RegistryRacesTest {
  private static final RepositoryName REPOSITORY = new RepositoryName("a");
  private static final Tag TAG = new Tag("t");

  /// A request that has to wait for the first one is let go on after this time.
  private static final Duration HELD_BACK = Duration.ofMillis(300);

  private final MemoryDriver memory = new MemoryDriver(1 << 24, InstantSource.system());
  private final Registry direct = RegistryContract.over(memory, RegistryContract.RULES);
  private final Pushes pushes = new Pushes(direct);

  @Test
  void aTagMovedWhileItsOldManifestIsDeletedStays() throws InterruptedException {
    byte[] old = pushes.image(REPOSITORY, "old");
    byte[] moved = pushes.image(REPOSITORY, "moved");
    pushes.push(REPOSITORY, old, MediaType.OCI_MANIFEST, TAG.value());
    var second =
        new Second(() -> pushes.push(REPOSITORY, moved, MediaType.OCI_MANIFEST, TAG.value()));

    interrupted("delete", "/current/link", second).deleteManifest(REPOSITORY, sha256(old));

    second.finish();
    assertThat(Pushes.bytesOf(direct.getManifest(REPOSITORY, TAG))).isEqualTo(moved);
  }

  @Test
  void aTagPushedWhileItIsDeletedIsWholeOrGone() throws InterruptedException {
    byte[] old = pushes.image(REPOSITORY, "old");
    byte[] again = pushes.image(REPOSITORY, "again");
    pushes.push(REPOSITORY, old, MediaType.OCI_MANIFEST, TAG.value());
    var second =
        new Second(() -> pushes.push(REPOSITORY, again, MediaType.OCI_MANIFEST, TAG.value()));

    interrupted("deleteTree", "/tags/t", second).deleteTag(REPOSITORY, TAG);

    second.finish();
    assertThat(Pushes.bytesOf(direct.getManifest(REPOSITORY, TAG))).isEqualTo(again);
  }

  @Test
  void aBlobStaysThatAManifestBegunToNeedWhileItWasDeleted() throws Exception {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    Digest layer = sha256(bytes("layer of a"));
    var second =
        new Second(() -> pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, TAG.value()));
    Registry deleting = interrupted("delete", "/_layers/", second);

    assertThatThrownBy(() -> deleting.deleteBlob(REPOSITORY, layer))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("needs the blob");

    second.finish();
    assertThat(Pushes.bytesOf(direct.getManifest(REPOSITORY, TAG))).isEqualTo(manifest);
    assertThat(pushes.pull(REPOSITORY, layer)).isEqualTo(bytes("layer of a"));
  }

  /// The push has pointed the tag when the delete begins, and looks again (T3) when the delete has
  /// decided to take the tag away and not done so yet.
  @Test
  void aTagStaysWhoseManifestWasPushedAgainBehindTheBackOfItsDelete() throws Exception {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, TAG.value());
    CountDownLatch pointed = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicBoolean isPointed = new AtomicBoolean();
    StorageDriver waiting =
        before(
            memory,
            (method, path) -> {
              if (isPointed.get() && path.contains("/revisions/") && go.getCount() > 0) {
                pointed.countDown();
                go.await();
              }
              if (method.equals("put") && path.contains("/current/link")) {
                isPointed.set(true);
              }
            });
    Registry pushing = RegistryContract.over(waiting, RegistryContract.RULES);
    var push =
        new Second(
            () ->
                new Pushes(pushing)
                    .push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, TAG.value()));
    push.begin();
    pointed.await();
    StorageDriver deleting =
        before(
            memory,
            (method, path) -> {
              if (method.equals("delete") && path.contains("/current/link")) {
                go.countDown();
                push.letRun();
              }
            });

    RegistryContract.over(deleting, RegistryContract.RULES)
        .deleteManifest(REPOSITORY, sha256(manifest));

    push.finish();
    assertThat(Pushes.bytesOf(direct.getManifest(REPOSITORY, TAG))).isEqualTo(manifest);
  }

  /// Between the tag and the last look of the push, both manifest and layer are deleted.
  @Test
  void aPushIsNotAcknowledgedWhoseLayerWentWithItsManifest() {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    AtomicBoolean isPointed = new AtomicBoolean();
    AtomicBoolean isDeleted = new AtomicBoolean();
    StorageDriver meanwhile =
        before(
            memory,
            (method, path) -> {
              if (isPointed.get()
                  && path.contains("/revisions/")
                  && isDeleted.compareAndSet(false, true)) {
                direct.deleteManifest(REPOSITORY, sha256(manifest));
                direct.deleteBlob(REPOSITORY, sha256(bytes("layer of a")));
              }
              if (method.equals("put") && path.contains("/current/link")) {
                isPointed.set(true);
              }
            });
    var pushing = new Pushes(RegistryContract.over(meanwhile, RegistryContract.RULES));

    assertThatThrownBy(
            () -> pushing.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, TAG.value()))
        .isInstanceOf(RegistryException.class);
    assertThat(isDeleted).isTrue();
  }

  /// The push comes when the delete has found no tag that stays, and before the manifest goes.
  @Test
  void aTagThatStaysIsNotLeftWithoutItsManifest() throws InterruptedException {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST);
    Registry staying = RegistryContract.over(memory, ImmutableTagsTest.STAY);
    var second =
        new Second(
            () -> new Pushes(staying).push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "v1"));
    Registry deleting =
        RegistryContract.over(
            before(memory, "delete", "/revisions/sha256/", second), ImmutableTagsTest.STAY);

    assertThatThrownBy(() -> deleting.deleteManifest(REPOSITORY, sha256(manifest)))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("immutable");

    second.finish();
    assertThat(Pushes.bytesOf(direct.getManifest(REPOSITORY, new Tag("v1")))).isEqualTo(manifest);
  }

  @Test
  void aDeleteTakesAllNamesOfAManifestOrNone() throws InterruptedException {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    Digest sha512 = Digests.of(Digest.Algorithm.SHA512, manifest);
    Runnable byOtherName =
        () ->
            direct.putManifest(
                REPOSITORY,
                new ManifestPush(
                    Optional.of(MediaType.OCI_MANIFEST), Optional.of(sha512), List.of(), manifest));
    byOtherName.run();
    var second = new Second(byOtherName);

    interrupted("delete", "/revisions/sha512/", second)
        .deleteManifest(REPOSITORY, sha256(manifest));

    second.finish();
    assertThat(has(sha512)).isEqualTo(has(sha256(manifest)));
  }

  private boolean has(Digest digest) {
    try {
      return direct.getManifest(REPOSITORY, digest).size() > 0;
    } catch (RegistryException unknown) {
      return false;
    }
  }

  @Test
  void anUploadThatIsCancelledWhileItIsStoredDoesNotCoverDamagedContent() {
    byte[] content = bytes("the right bytes");
    String hex = sha256(content).hex();
    StoragePath data =
        new StoragePath(
            "docker/registry/v2/blobs/sha256/" + hex.substring(0, 2) + "/" + hex + "/data");
    memory.put(data, bytes("the wrong bytes"));
    StorageDriver cancelling =
        before(
            memory,
            (method, path) -> {
              if (method.equals("move")) {
                memory.delete(new StoragePath(path));
              }
            });
    Registry registry = RegistryContract.over(cancelling, RegistryContract.RULES);

    assertThatThrownBy(() -> new Pushes(registry).blob(REPOSITORY, content))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.BLOB_UPLOAD_UNKNOWN));
  }

  @Test
  void healingATornTagDoesNotUndoAPush(@TempDir Path root) throws Exception {
    try (StorageDriver files = FilesystemDriver.open(root)) {
      Registry registry = RegistryContract.over(files, RegistryContract.RULES);
      Pushes toFiles = new Pushes(registry);
      byte[] old = toFiles.image(REPOSITORY, "old");
      byte[] fresh = toFiles.image(REPOSITORY, "fresh");
      toFiles.push(REPOSITORY, old, MediaType.OCI_MANIFEST, TAG.value());
      Path link = root.resolve("docker/registry/v2/repositories/a/_manifests/tags/t/current/link");
      Files.write(link, new byte[0]);
      var second =
          new Second(() -> toFiles.push(REPOSITORY, fresh, MediaType.OCI_MANIFEST, TAG.value()));

      RegistryContract.over(before(files, "lock", "/current/link", second), RegistryContract.RULES)
          .getManifest(REPOSITORY, TAG);

      second.finish();
      assertThat(Pushes.bytesOf(registry.getManifest(REPOSITORY, TAG))).isEqualTo(fresh);
    }
  }

  private Registry interrupted(String method, String path, Second second) {
    return RegistryContract.over(before(memory, method, path, second), RegistryContract.RULES);
  }

  /// The driver, with the second client's request made just before the first call of this method on
  /// such a path.
  private static StorageDriver before(
      StorageDriver driver, String name, String path, Second second) {
    return before(
        driver,
        (method, value) -> {
          if (method.equals(name) && value.contains(path)) {
            second.begin();
          }
        });
  }

  /// What is done before a call of the driver.
  private interface Interruption {
    void before(String method, String path) throws InterruptedException;
  }

  private static StorageDriver before(StorageDriver driver, Interruption interruption) {
    return (StorageDriver)
        Proxy.newProxyInstance(
            StorageDriver.class.getClassLoader(),
            new Class<?>[] {StorageDriver.class},
            (_, method, arguments) -> {
              if (arguments != null && arguments[0] instanceof StoragePath(String value)) {
                interruption.before(method.getName(), value);
              }
              try {
                return method.invoke(driver, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /// The second client. Its request must succeed, at once or after the first one's.
  private static final class Second {
    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicBoolean acknowledged = new AtomicBoolean();
    private final Thread thread;

    Second(Runnable request) {
      thread =
          Thread.ofPlatform()
              .unstarted(
                  () -> {
                    request.run();
                    acknowledged.set(true);
                  });
    }

    void begin() throws InterruptedException {
      if (begun.compareAndSet(false, true)) {
        thread.start();
        letRun();
      }
    }

    void letRun() throws InterruptedException {
      thread.join(HELD_BACK);
    }

    void finish() throws InterruptedException {
      assertThat(begun).as("the second request was never made").isTrue();
      thread.join();
      assertThat(acknowledged).as("the second request was refused").isTrue();
    }
  }
}
