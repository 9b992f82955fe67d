package dev.berth.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BerthConfigTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void everyDefaultIsNamedHere() {
    assertThat(BerthConfig.DEFAULTS)
        .isEqualTo(
            new BerthConfig(
                new LogConfig(LogLevel.INFO, LogFormat.TEXT, Map.of(), false),
                new StorageConfig(
                    new FilesystemStorage(Path.of("/var/lib/registry")),
                    /* deleteEnabled= */ false,
                    /* readOnly= */ false,
                    DescriptorCache.OFF,
                    new UploadPurging(
                        /* enabled= */ true,
                        Duration.ofHours(168),
                        Duration.ofHours(24),
                        /* dryRun= */ false)),
                new HttpConfig(
                    new ListenAddress("", 5000),
                    "/",
                    /* host= */ null,
                    /* secret= */ null,
                    /* relativeUrls= */ null,
                    /* drainTimeout= */ null,
                    Map.of(),
                    /* tls= */ null,
                    /* debug= */ null),
                new NoAuth(),
                new HealthConfig(
                    new HealthConfig.StorageCheck(
                        /* enabled= */ false, Duration.ofSeconds(10), /* threshold= */ 1),
                    List.of(),
                    List.of(),
                    List.of()),
                new CatalogConfig(1000),
                new ValidationConfig(/* restricted= */ false, List.of(), List.of()),
                new NotificationsConfig(/* includeReferences= */ false, List.of()),
                /* redis= */ null,
                new BerthAdditions(
                    MissingReferences.REFUSE,
                    ReferencedBlobs.REFUSE,
                    /* strictMediaTypes= */ false,
                    new SpaceConfig(/* reserve= */ null, /* watermark= */ null),
                    new EventQueueConfig(
                        new DataSize(64 << 20),
                        new DataSize(4 << 20),
                        new DataSize(16 << 20),
                        Duration.ZERO),
                    new AuditConfig("", /* pulls= */ true),
                    new Limits(
                        new Limits.Requests(
                            new DataSize(4 << 20),
                            new DataSize(64 << 10),
                            new DataSize(16 << 10),
                            10_000),
                        new Limits.Threads(
                            /* read= */ 32,
                            /* readQueue= */ 256,
                            /* write= */ 96,
                            /* writeQueue= */ 64),
                        new Limits.Connections(
                            4096, MINUTE, MINUTE, MINUTE, MINUTE, new DataSize(1024))),
                    /* policy= */ null,
                    /* ldap= */ null,
                    /* adminToken= */ null)));
  }
}
