package dev.berth.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.BerthConfig;
import dev.berth.config.DebugConfig;
import dev.berth.config.DescriptorCache;
import dev.berth.config.FilesystemStorage;
import dev.berth.config.HealthConfig;
import dev.berth.config.HttpConfig;
import dev.berth.config.ListenAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OfficialConfigTest {
  /// The settings of the image of registry 2.8.2.
  private static final String IMAGE =
      """
      version: 0.1
      log:
        fields:
          service: registry
      storage:
        cache:
          blobdescriptor: inmemory
        filesystem:
          rootdirectory: /var/lib/registry
      http:
        addr: :5000
        headers:
          X-Content-Type-Options: [nosniff]
      health:
        storagedriver:
          enabled: true
          interval: 10s
          threshold: 3
      """;

  @Test
  void theImagesOwnConfigurationWorksWithoutAWord() {
    LoadedConfig loaded = Loading.load(IMAGE);

    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.unknown()).isEmpty();
    BerthConfig config = loaded.config();
    assertThat(config.log().fields()).isEqualTo(Map.of("service", "registry"));
    assertThat(config.storage().cache()).isEqualTo(DescriptorCache.INMEMORY);
    assertThat(config.storage().driver())
        .isEqualTo(new FilesystemStorage(Path.of("/var/lib/registry")));
    assertThat(config.storage().deleteEnabled()).isFalse();
    assertThat(config.http().addr()).isEqualTo(new ListenAddress("", 5000));
    assertThat(config.http().headers())
        .isEqualTo(Map.of("X-Content-Type-Options", List.of("nosniff")));
    assertThat(config.health().storageDriver())
        .isEqualTo(new HealthConfig.StorageCheck(true, Duration.ofSeconds(10), 3));
  }

  @Test
  void theBuiltInConfigurationIsOpenToThisMachineOnlyAndAllowsDelete() {
    LoadedConfig loaded = ConfigLoader.load(ConfigSource.builtIn(), Map.of());

    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.unknown()).isEmpty();
    assertThat(loaded.config().storage().deleteEnabled()).isTrue();
    assertThat(loaded.config().storage().driver())
        .isEqualTo(new FilesystemStorage(Path.of("./registry-data")));
    HttpConfig http = loaded.config().http();
    assertThat(http.addr()).isEqualTo(new ListenAddress("127.0.0.1", 5000));
  }

  @Test
  void variablesGoBeforeTheBuiltInConfigurationToo() {
    LoadedConfig loaded =
        ConfigLoader.load(ConfigSource.builtIn(), Map.of("REGISTRY_HTTP_ADDR", ":6000"));

    assertThat(loaded.config().http().addr()).isEqualTo(new ListenAddress("", 6000));
  }

  @Test
  void theImageOfTheSuccessorStartsWithWarningsForWhatIsNotThere() {
    String successor =
        IMAGE
            .replace(
                "inmemory",
                "inmemory\n  delete:\n    enabled: true\n  tag:\n    concurrencylimit: 8")
            .replace(
                "addr: :5000",
                "addr: :5000\n  debug:\n    addr: :5001\n    prometheus: {enabled: true, path: /metrics}");

    LoadedConfig loaded = Loading.load(successor);

    assertThat(loaded.config().storage().deleteEnabled()).isTrue();
    assertThat(Loading.warnings(loaded))
        .containsExactly(
            "config.yml:11: storage.tag.concurrencylimit: ignored: tags are not looked up side by side");
    assertThat(loaded.config().http().debug())
        .isEqualTo(new DebugConfig(new ListenAddress("", 5001), true, "/metrics"));
  }
}
