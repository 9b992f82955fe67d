package dev.berth.server.registry;

import static dev.berth.server.registry.Pushes.bytes;
import static dev.berth.server.registry.Pushes.sha256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.oci.Digest;
import dev.berth.oci.MediaType;
import dev.berth.oci.Registry;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
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
    assertThat(direct.getManifest(REPOSITORY, TAG).bytes()).isEqualTo(moved);
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
    assertThat(direct.getManifest(REPOSITORY, TAG).bytes()).isEqualTo(again);
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
    assertThat(direct.getManifest(REPOSITORY, TAG).bytes()).isEqualTo(manifest);
    assertThat(pushes.pull(REPOSITORY, layer)).isEqualTo(bytes("layer of a"));
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
      assertThat(registry.getManifest(REPOSITORY, TAG).bytes()).isEqualTo(fresh);
    }
  }

  private Registry interrupted(String method, String path, Second second) {
    return RegistryContract.over(before(memory, method, path, second), RegistryContract.RULES);
  }

  /// The driver, with the second client's request made just before the first call of this method on
  /// such a path.
  private static StorageDriver before(
      StorageDriver driver, String name, String path, Second second) {
    return (StorageDriver)
        Proxy.newProxyInstance(
            StorageDriver.class.getClassLoader(),
            new Class<?>[] {StorageDriver.class},
            (_, method, arguments) -> {
              if (method.getName().equals(name)
                  && arguments[0] instanceof StoragePath(String value)
                  && value.contains(path)) {
                second.begin();
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
        thread.join(HELD_BACK);
      }
    }

    void finish() throws InterruptedException {
      assertThat(begun).as("the second request was never made").isTrue();
      thread.join();
      assertThat(acknowledged).as("the second request was refused").isTrue();
    }
  }
}
