package dev.berth.e2e.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Digests;
import dev.berth.e2e.harness.Nginx;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.TestCertificate;
import dev.berth.e2e.harness.Waiting;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files of `deploy/nginx` as they are, between clients and two replicas on one store.
final class NginxIT {
  private static final int LAYER = 3 << 20;

  /// The password is `pass`.
  private static final String LOGIN =
      "bob:$2y$05$3vTlYGPPPAV.x75VqyA6E.Pt.tUcfgK.vPbAk2cr1WLl3wLu/vO/i\n";

  private static final Map<String, String> BOB =
      Map.of(
          "Authorization",
          "Basic "
              + Base64.getEncoder().encodeToString("bob:pass".getBytes(StandardCharsets.UTF_8)));

  private static final Map<String, String> BOBS_PART =
      Map.of("Authorization", BOB.get("Authorization"), "Range", "bytes=1000-2000");

  @TempDir private Path folder;

  private RunningRegistry start(String extra) {
    return Registries.BERTH.start(
        RegistryConfig.on(folder.resolve("store")).withExtra(extra),
        Map.of("REGISTRY_LOG_ACCESSLOG_DISABLED", "false"));
  }

  @Test
  void clientsPushAndPullByTlsThroughTheProxy() {
    TestCertificate certificate = TestCertificate.make(folder, "proxy");
    try (RunningRegistry one = start("");
        RunningRegistry two = start("");
        Nginx proxy =
            Nginx.shipped("registry.conf", folder, certificate, List.of(one.host(), two.host()))) {
      SampleImage image = SampleImage.oci(new SplittableRandom(7), "amd64", 2, LAYER);
      one.client().push("made", "1", image);
      String to = "docker://localhost:" + proxy.port() + "/copied:1";
      skopeo("--src-tls-verify=false", "docker://" + one.host() + "/made:1", to);
      assertThat(two.client().findManifest("copied", "1")).hasValue(image.manifest().bytes());

      assertOneLongPathHurtsNobodyElse(proxy.url(), certificate);
      Program.Outcome doctor =
          Program.of(
                  Registries.berth(),
                  "doctor",
                  "--url",
                  proxy.url(),
                  "--ca",
                  certificate.certificate())
              .outcome();
      assertThat(doctor.out()).endsWith(" 0 notes, 0 warnings, 0 failed, 0 skipped\n");
    }
  }

  /// Berth answers with a long Location; a head that nginx cannot take would close both replicas
  /// for all.
  private static void assertOneLongPathHurtsNobodyElse(String url, TestCertificate certificate) {
    String curl =
        "curl -s -o /dev/null -w '%{http_code} ' --cacert " + certificate.certificate() + " ";
    for (int bytes : List.of(3800, 3900, 5000, 7000)) {
      String longPath = url + "/v2//" + "a/".repeat(bytes / 2) + "tags/list";
      String said =
          Program.of("/bin/sh", "-c", curl + longPath + "; " + (curl + url + "/v2/; ").repeat(4))
              .run()
              .text();
      assertThat(said).as(bytes + " bytes").matches("\\d{3}( 200){4}").doesNotContain("502");
    }
  }

  private static void skopeo(Object... from) {
    List<Object> line = new ArrayList<>(List.of("skopeo", "copy", "-q", "--dest-tls-verify=false"));
    Collections.addAll(line, from);
    Program.of(line.toArray()).run();
  }

  @Test
  void blobsAreKeptForThoseWhoMayHaveThemAndForNobodyElse() throws Exception {
    Path logins = Files.writeString(folder.resolve("htpasswd"), LOGIN);
    String auth = "auth: {htpasswd: {realm: r, path: " + logins + "}}\n";
    try (RunningRegistry one = start(auth);
        RunningRegistry two = start(auth);
        Nginx cache =
            Nginx.shipped("registry-cache.conf", folder, null, List.of(one.host(), two.host()))) {
      SampleImage image = SampleImage.oci(new SplittableRandom(7), "amd64", 1, LAYER);
      byte[] layer = image.layers().getFirst().compressed();
      String digest = Digests.sha256(layer);
      String host = "127.0.0.1:" + cache.port();
      push(host, image);

      eightAtOnceAreOneRequestOfTheRegistry(host, digest, layer, List.of(one, two));
      HttpResponse<byte[]> part = get(host, "a", digest, BOBS_PART);
      assertThat(part.statusCode()).isEqualTo(206);
      assertThat(part.headers().firstValue("X-Cache")).hasValue("HIT");
      assertThat(part.body()).isEqualTo(Arrays.copyOfRange(layer, 1000, 2001));

      HttpResponse<byte[]> nobody = get(host, "a", digest, Map.of());
      assertThat(nobody.statusCode()).isEqualTo(401);
      assertThat(nobody.headers().firstValue("WWW-Authenticate")).hasValue("Basic realm=\"r\"");
      assertThat(nobody.body()).asString(StandardCharsets.UTF_8).contains("UNAUTHORIZED");
      assertUnknown(get(host, "other", digest, BOB));
      assertThat(send("HEAD", host, "blobs/" + digest).statusCode()).isEqualTo(200);
      assertThat(send("DELETE", host, "manifests/" + image.digest()).statusCode()).isEqualTo(202);
      assertThat(send("DELETE", host, "blobs/" + digest).statusCode()).isEqualTo(202);
      assertUnknown(get(host, "a", digest, BOB));
    }
  }

  @Test
  void whatABrokenDiskCutOffIsNotKeptWhenItIsRepaired() throws IOException {
    try (RunningRegistry one = start("");
        RunningRegistry two = start("");
        Nginx cache =
            Nginx.shipped("registry-cache.conf", folder, null, List.of(one.host(), two.host()))) {
      byte[] blob = new byte[50_000];
      new SplittableRandom(8).nextBytes(blob);
      String digest = one.client().pushBlob("a", blob);
      String hex = digest.substring("sha256:".length());
      Path data =
          folder.resolve(
              "store/docker/registry/v2/blobs/sha256/" + hex.substring(0, 2) + "/" + hex + "/data");
      String host = "127.0.0.1:" + cache.port();

      Files.write(data, Arrays.copyOf(blob, 100));
      assertThat(get(host, "a", digest, Map.of()).body()).hasSize(100);
      Files.write(data, blob);

      HttpResponse<byte[]> again = get(host, "a", digest, Map.of());
      assertThat(again.headers().firstValue("X-Cache")).hasValue("MISS");
      assertThat(again.body()).isEqualTo(blob);
    }
  }

  private void push(String host, SampleImage image) {
    try (RunningRegistry open =
        Registries.BERTH.start(RegistryConfig.on(folder.resolve("another")))) {
      open.client().push("a", "1", image);
      skopeo(
          "--src-tls-verify=false",
          "docker://" + open.host() + "/a:1",
          "--dest-creds=bob:pass",
          "docker://" + host + "/a:1");
    }
  }

  private static void eightAtOnceAreOneRequestOfTheRegistry(
      String host, String digest, byte[] layer, List<RunningRegistry> replicas) throws Exception {
    Callable<HttpResponse<byte[]>> pull = () -> get(host, "a", digest, BOB);
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (Future<HttpResponse<byte[]>> one :
          threads.invokeAll(List.of(pull, pull, pull, pull, pull, pull, pull, pull))) {
        HttpResponse<byte[]> answer = one.get();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Docker-Content-Digest")).hasValue(digest);
        assertThat(answer.body()).isEqualTo(layer);
      }
    }
    // A line of the log may come after its answer.
    Waiting.until(
        "the registry was asked", Duration.ofSeconds(10), () -> gets(digest, replicas) > 0);
    assertThat(gets(digest, replicas)).isOne();
  }

  private static long gets(String digest, List<RunningRegistry> replicas) {
    return replicas.stream()
        .flatMap(replica -> replica.log().lines())
        .filter(line -> line.contains("\"GET /v2/a/blobs/" + digest))
        .count();
  }

  private static void assertUnknown(HttpResponse<byte[]> answer) {
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).asString(StandardCharsets.UTF_8).contains("BLOB_UNKNOWN");
  }

  private static HttpResponse<byte[]> get(
      String host, String repository, String digest, Map<String, String> headers) {
    return new RegistryClient(host)
        .send("GET", "/v2/" + repository + "/blobs/" + digest, headers, new byte[0]);
  }

  private static HttpResponse<byte[]> send(String method, String host, String what) {
    return new RegistryClient(host).send(method, "/v2/a/" + what, BOB, new byte[0]);
  }
}
