package dev.berth.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A registry that does TLS itself.
final class TlsIT {
  private static final Duration RENEWED = Duration.ofSeconds(60);

  private final SplittableRandom random = new SplittableRandom(17);

  @TempDir private Path folder;

  private RunningRegistry start(TestCertificate certificate, Map<String, String> more) {
    var variables = new HashMap<>(more);
    variables.put("REGISTRY_HTTP_TLS_CERTIFICATE", certificate.certificate().toString());
    variables.put("REGISTRY_HTTP_TLS_KEY", certificate.key().toString());
    return Registries.underTest().start(RegistryConfig.on(folder.resolve("store")), variables);
  }

  private static HttpResponse<byte[]> send(
      HttpClient client, RunningRegistry registry, String method, String path, byte[] body)
      throws IOException {
    URI uri = URI.create("https://localhost:" + registry.port() + path);
    try {
      return client.send(
          HttpRequest.newBuilder(uri)
              .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
              .build(),
          BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static HttpClient trusting(TestCertificate certificate) {
    return HttpClient.newBuilder().sslContext(certificate.context()).build();
  }

  @Test
  void bytesGoInAndComeOutTheSame() throws IOException {
    TestCertificate certificate = TestCertificate.make(folder, "server");
    byte[] content = new byte[5_000_000];
    random.nextBytes(content);
    String digest = Digests.sha256(content);
    try (RunningRegistry registry = start(certificate, Map.of());
        HttpClient client = trusting(certificate)) {
      var pushed = send(client, registry, "POST", "/v2/a/blobs/uploads/?digest=" + digest, content);
      var pulled = send(client, registry, "GET", "/v2/a/blobs/" + digest, new byte[0]);

      assertThat(pushed.statusCode()).isEqualTo(201);
      assertThat(pushed.headers().firstValue("Location")).contains("/v2/a/blobs/" + digest);
      assertThat(pulled.body()).isEqualTo(content);
    }
  }

  @Test
  void clientsThatKnowTheCertificatePushAndPull() throws IOException {
    Path skopeo = Tools.get("skopeo");
    TestCertificate certificate = TestCertificate.make(folder, "server");
    SampleImage image = SampleImage.oci(random, "amd64", 3, 100_000);
    Path layout = OciLayout.in(folder.resolve("out")).add("one", image).folder();
    Path trusted = Files.createDirectories(folder.resolve("trusted"));
    Files.copy(certificate.certificate(), trusted.resolve("ca.crt"));
    try (RunningRegistry registry = start(certificate, Map.of())) {
      String target = "docker://localhost:" + registry.port() + "/sko/peo:one";
      Program.of(skopeo, "copy", "--dest-cert-dir", trusted, "oci:" + layout + ":one", target)
          .run();
      Program.of(skopeo, "copy", "--src-cert-dir", trusted, target, "dir:" + folder + "/back")
          .run();
      var refused = Program.of(skopeo, "inspect", target).outcome();

      assertThat(Digests.sha256(folder.resolve("back/manifest.json"))).isEqualTo(image.digest());
      assertThat(refused.exit()).isNotZero();
      assertThat(refused.err()).contains("certificate");
    }
  }

  @Test
  void aNewCertificateIsShownAndABrokenOneIsNot() throws IOException {
    TestCertificate shown = TestCertificate.make(folder, "server");
    TestCertificate next = TestCertificate.make(folder, "next");
    try (RunningRegistry registry = start(shown, Map.of());
        HttpClient old = trusting(shown)) {
      assertThat(send(old, registry, "GET", "/v2/", new byte[0]).statusCode()).isEqualTo(200);
      next.replace(shown);
      Waiting.until("the next one is shown", RENEWED, () -> isTrustedBy(next, registry));

      Files.writeString(shown.certificate(), "what?");
      Waiting.until("said so", RENEWED, () -> registry.log().contains("still holds"));
      assertThat(isTrustedBy(next, registry)).isTrue();
      // Its connection is older than the renewal.
      assertThat(send(old, registry, "GET", "/v2/", new byte[0]).statusCode()).isEqualTo(200);
    }
  }

  private static boolean isTrustedBy(TestCertificate certificate, RunningRegistry registry) {
    try (HttpClient client = trusting(certificate)) {
      return send(client, registry, "GET", "/v2/", new byte[0]).statusCode() == 200;
    } catch (IOException untrusted) {
      return false;
    }
  }

  @Test
  void whoMustShowACertificateAndHasNoneIsRefused() throws IOException {
    TestCertificate certificate = TestCertificate.make(folder, "server");
    TestCertificate clients = TestCertificate.make(folder, "clients");
    var roots = Map.of("REGISTRY_HTTP_TLS_CLIENTCAS", "[" + clients.certificate() + "]");
    try (RunningRegistry registry = start(certificate, roots);
        HttpClient nobody = trusting(certificate)) {
      assertThatThrownBy(() -> send(nobody, registry, "GET", "/v2/", new byte[0]))
          .isInstanceOfAny(SSLException.class, IOException.class);
      var known =
          Program.of(
                  Tools.get("curl"),
                  "-sS",
                  "--cacert",
                  certificate.certificate(),
                  "--cert",
                  clients.certificate(),
                  "--key",
                  clients.key(),
                  "https://localhost:" + registry.port() + "/v2/")
              .run();
      assertThat(known.out()).isEqualTo("{}");
    }
  }
}
