package dev.berth.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Digests;
import dev.berth.e2e.harness.OciLayout;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.TestCertificate;
import dev.berth.e2e.harness.Tools;
import dev.berth.e2e.harness.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// HTTP/2 as clients of registries choose it when TLS offers it: curl, and those in Go.
final class Http2IT {
  private static final int MEBIBYTE = 1 << 20;
  private static final int STREAMS = 50;
  private static final int STREAM_MEBIBYTES = 16;

  /// The process may hold 64 MiB of heap and as much outside; the rest is the JVM's own. A stream
  /// that held its whole blob would add 800.
  private static final long MOST_RESIDENT_KIB = 320 << 10;

  private final SplittableRandom random = new SplittableRandom(29);

  @TempDir private Path folder;
  private TestCertificate certificate;

  @BeforeEach
  void makeCertificate() {
    certificate = TestCertificate.make(folder, "server");
  }

  private RunningRegistry start(Map<String, String> more) {
    var variables = new HashMap<>(more);
    variables.put("REGISTRY_HTTP_TLS_CERTIFICATE", certificate.certificate().toString());
    variables.put("REGISTRY_HTTP_TLS_KEY", certificate.key().toString());
    variables.put("REGISTRY_LOG_ACCESSLOG_DISABLED", "false");
    return Registries.underTest().start(RegistryConfig.on(folder.resolve("store")), variables);
  }

  private static String url(RunningRegistry registry, String path) {
    return "https://localhost:" + registry.port() + path;
  }

  private Program.Outcome curl(Object... words) {
    Object[] all = new Object[words.length + 6];
    all[0] = Tools.get("curl");
    all[1] = "-sS";
    all[2] = "--http2";
    all[3] = "--fail";
    all[4] = "--cacert";
    all[5] = certificate.certificate();
    System.arraycopy(words, 0, all, 6, words.length);
    return Program.of(all).run();
  }

  private Path file(String name, int mebibytes) throws IOException {
    byte[] content = new byte[mebibytes * MEBIBYTE];
    random.nextBytes(content);
    return Files.write(folder.resolve(name), content);
  }

  /// Gives its digest.
  private String push(RunningRegistry registry, Path content) {
    String digest = Digests.sha256(content);
    var outcome =
        curl(
            "-o",
            folder.resolve("answer"),
            "-w",
            "%{http_version} %{http_code}",
            "-X",
            "POST",
            "-H",
            "Content-Type: application/octet-stream",
            "--data-binary",
            "@" + content,
            url(registry, "/v2/a/blobs/uploads/?digest=" + digest));
    assertThat(outcome.out()).isEqualTo("2 201");
    return digest;
  }

  @Test
  void blobsGoInAndComeOutTheSame() throws IOException {
    try (RunningRegistry registry = start(Map.of())) {
      for (int mebibytes : new int[] {1, 64}) {
        String digest = push(registry, file("blob", mebibytes));
        Path back = folder.resolve("back");
        var all = curl("-o", back, "-w", "%{http_version}", url(registry, "/v2/a/blobs/" + digest));
        Path part = folder.resolve("part");
        curl("-o", part, "-r", "1000-2000", url(registry, "/v2/a/blobs/" + digest));

        assertThat(all.out()).isEqualTo("2");
        assertThat(Digests.sha256(back)).isEqualTo(digest);
        assertThat(Files.size(part)).isEqualTo(1001);
      }
      Waiting.until(
          "it is in the log",
          Duration.ofSeconds(10),
          () -> registry.log().contains("HTTP/2.0\" 206"));
    }
  }

  @Test
  void whoTurnsItOffGetsHttp1() {
    try (RunningRegistry registry = start(Map.of("REGISTRY_HTTP_HTTP2_DISABLED", "true"))) {
      assertThat(curl("-o", "/dev/null", "-w", "%{http_version}", url(registry, "/v2/")).out())
          .isEqualTo("1.1");
    }
  }

  @Test
  void fiftyStreamsOfOneConnectionTakeLittleMemory() throws IOException {
    try (RunningRegistry registry = start(Map.of())) {
      String digest = push(registry, file("blob", STREAM_MEBIBYTES));
      StringBuilder orders = new StringBuilder();
      for (int i = 0; i < STREAMS; i++) {
        orders
            .append("url = \"" + url(registry, "/v2/a/blobs/" + digest) + "\"\n")
            .append("output = \"" + folder.resolve("back" + i) + "\"\n");
      }
      Path list = Files.writeString(folder.resolve("list"), orders.toString());
      var fetched =
          curl("--parallel", "--parallel-max", STREAMS, "-w", "%{num_connects}\n", "-K", list);

      assertThat(fetched.out().lines().mapToInt(Integer::parseInt).sum()).isEqualTo(1);
      for (int i = 0; i < STREAMS; i++) {
        assertThat(Digests.sha256(folder.resolve("back" + i))).isEqualTo(digest);
      }
      String resident =
          Files.readAllLines(Path.of("/proc/" + registry.pid() + "/status")).stream()
              .filter(line -> line.startsWith("VmHWM"))
              .findFirst()
              .orElseThrow();
      assertThat(Long.parseLong(resident.replaceAll("\\D", ""))).isLessThan(MOST_RESIDENT_KIB);
      assertThat(registry.log()).doesNotContain("level=error");
    }
  }

  @Test
  void cranePushesAndPullsByIt() {
    Path crane = Tools.get("crane");
    SampleImage image = SampleImage.oci(random, "amd64", 3, 2_000_000);
    Path layout = OciLayout.in(folder.resolve("out")).add("one", image).folder();
    try (RunningRegistry registry = start(Map.of())) {
      String target = "localhost:" + registry.port() + "/cr/ane:one";
      crane(crane, "push", layout, target);
      crane(crane, "validate", "--remote", target);

      Waiting.until(
          "all is in the log",
          Duration.ofSeconds(10),
          () ->
              lines(registry).filter(line -> line.contains("\"GET /v2/cr/ane/blobs")).count() > 2);
      assertThat(lines(registry))
          .anyMatch(line -> line.contains("\"PUT /v2/cr/ane/manifests/one HTTP/2.0\" 201"))
          .allMatch(line -> line.contains(" HTTP/2.0\" "));
    }
  }

  private static Stream<String> lines(RunningRegistry registry) {
    return registry.log().lines().filter(line -> line.contains("\"crane/"));
  }

  private void crane(Object... words) {
    Program.of(words).with("SSL_CERT_FILE", certificate.certificate()).run();
  }

  @Test
  void aStopLetsStreamsFinish() throws IOException {
    try (RunningRegistry registry = start(Map.of("REGISTRY_HTTP_DRAINTIMEOUT", "60s"))) {
      String digest = push(registry, file("blob", 64));
      Path back = folder.resolve("back");
      var fetching =
          CompletableFuture.runAsync(
              () ->
                  curl("--limit-rate", "24M", "-o", back, url(registry, "/v2/a/blobs/" + digest)));
      Waiting.until(
          "it is under way", Duration.ofSeconds(20), () -> back.toFile().length() > MEBIBYTE);
      registry.stop();
      fetching.join();

      assertThat(Digests.sha256(back)).isEqualTo(digest);
    }
  }

  @Test
  void clientsShowTheirCertificates() {
    TestCertificate clients = TestCertificate.make(folder, "clients");
    var roots = Map.of("REGISTRY_HTTP_TLS_CLIENTCAS", "[" + clients.certificate() + "]");
    try (RunningRegistry registry = start(roots)) {
      var known =
          curl(
              "--cert",
              clients.certificate(),
              "--key",
              clients.key(),
              "-w",
              " %{http_version}",
              url(registry, "/v2/"));
      assertThat(known.out()).isEqualTo("{} 2");
    }
  }
}
