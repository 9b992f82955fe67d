package dev.berth.e2e.dropin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Volumes as they come: with `lost+found` in them, written by another user, mounted read-only.
class VolumesIT {
  private final SampleImage image = SampleImage.small(new Random(3));

  @TempDir private Path folder;

  private Path store() {
    return folder.resolve("store");
  }

  @Test
  void doesNotMindLostAndFound() throws IOException {
    Files.createDirectories(store().resolve("lost+found"));
    Files.setPosixFilePermissions(
        store().resolve("lost+found"), PosixFilePermissions.fromString("---------"));

    try (var registry = Registries.BERTH.start(RegistryConfig.on(store()))) {
      registry.client().push("a", "t", image);

      assertThat(registry.client().resolve("a", "t")).contains(image.digest());
      var catalog = registry.client().send("GET", "/v2/_catalog", Map.of(), new byte[0]);
      assertThat(new String(catalog.body(), StandardCharsets.UTF_8))
          .isEqualTo("{\"repositories\":[\"a\"]}\n");
    }
  }

  @Test
  void saysWhatToDoWhenTheVolumeBelongsToSomebodyElse() throws IOException {
    writtenByAnotherUser();

    assertThatThrownBy(this::startWithoutPrivileges)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("berth: cannot use " + store() + " for storage")
        .hasMessageContaining("give this process's user the right to write there")
        .hasMessageContaining("ended with 1");
  }

  @Test
  void takesPushesOfWhatAnotherUserWroteWhereTheFoldersAreShared() throws IOException {
    writtenByAnotherUser();
    Program.of("find", store(), "-type", "d", "-exec", "chmod", "a+rwx", "{}", "+").run();

    try (var registry = startWithoutPrivileges()) {
      assertThat(registry.client().resolve("a", "t")).contains(image.digest());
      registry.client().push("a", "t", image);
      registry.client().push("b", "t", image);

      assertThat(registry.client().resolve("b", "t")).contains(image.digest());
    }
  }

  @Test
  void servesAVolumeThatIsMountedReadOnly() throws IOException {
    Tools.requireRoot();
    try (var registry = Registries.DISTRIBUTION_2.start(RegistryConfig.on(store()))) {
      registry.client().push("a", "t", image);
    }
    Path mounted = Files.createDirectories(folder.resolve("mounted"));
    Program.of("mount", "--bind", store(), mounted).run();
    try {
      Program.of("mount", "-o", "remount,bind,ro", mounted).run();
      assertThatThrownBy(() -> Registries.BERTH.start(RegistryConfig.on(mounted)))
          .hasMessageContaining("Read-only file system")
          .hasMessageContaining("set storage.maintenance.readonly.enabled");
      var readOnly = Map.of("REGISTRY_STORAGE_MAINTENANCE_READONLY_ENABLED", "true");
      try (var registry = Registries.BERTH.start(RegistryConfig.on(mounted), readOnly)) {
        assertThat(registry.client().resolve("a", "t")).contains(image.digest());
        assertThat(registry.client().offerBlob("a", new byte[3])).isEqualTo(405);
      }
    } finally {
      Program.of("umount", mounted).run();
    }
  }

  private void writtenByAnotherUser() {
    Tools.requireRoot();
    try (var registry = Registries.DISTRIBUTION_2.start(RegistryConfig.on(store()))) {
      registry.client().push("a", "t", image);
    }
    Program.of("chown", "-R", "4242:4242", store()).run();
  }

  /// As a user that is bound by file modes: root without its capabilities, because another user may
  /// not even read the folder that the tests run in.
  private RunningRegistry startWithoutPrivileges() {
    try {
      Path program = folder.resolve("berth-without-privileges");
      Files.writeString(
          program,
          "#!/bin/sh\nexec setpriv --bounding-set=-all --inh-caps=-all "
              + Registries.berth()
              + " \"$@\"\n");
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
      return Registries.startBerth(program, RegistryConfig.on(store()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
