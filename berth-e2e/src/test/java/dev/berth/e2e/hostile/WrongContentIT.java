package dev.berth.e2e.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Digests;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.SampleImage;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Content that is not what was said about it, and names at and over their limits.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Isolated
final class WrongContentIT {
  private static final byte[] CONTENT = "some bytes".getBytes(StandardCharsets.UTF_8);

  @TempDir private static Path root;
  private RunningRegistry registry;

  @BeforeAll
  void start() {
    registry = Registries.underTest().start(RegistryConfig.on(root));
  }

  @AfterAll
  void stop() {
    registry.stop();
    assertThat(StoreTree.strangers(root)).isEmpty();
  }

  @Test
  void refusesABlobWhoseDigestIsAnother() {
    var answer = put(registry.client().startUpload("wrong"), Vocabulary.SOME_DIGEST, CONTENT);

    assertError(answer, 400, "DIGEST_INVALID");
    assertThat(registry.client().findBlob("wrong", Vocabulary.SOME_DIGEST)).isEmpty();
    assertThat(registry.client().findBlob("wrong", Digests.sha256(CONTENT))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sha256:", "sha256:12", "md5:d41d8cd98f00b204e9800998ecf8427e", "x"})
  void refusesADigestThatIsNone(String digest) {
    assertError(
        put(registry.client().startUpload("wrong"), digest, CONTENT), 400, "DIGEST_INVALID");
  }

  @Test
  void refusesAManifestUnderAnotherDigest() {
    SampleImage image = SampleImage.small(new SplittableRandom(1));
    image.blobs().forEach(blob -> registry.client().pushBlob("other-digest", blob));

    var answer = putManifest("other-digest", Vocabulary.SOME_DIGEST, image.manifest().bytes());

    assertError(answer, 400, "DIGEST_INVALID");
    assertThat(registry.client().findManifest("other-digest", image.digest())).isEmpty();
  }

  @Test
  void refusesAManifestOfFiveMebibytesAndTakesOneOfFour() {
    SampleImage image = SampleImage.small(new SplittableRandom(1));
    image.blobs().forEach(blob -> registry.client().pushBlob("big", blob));

    assertError(putManifest("big", "five", padded(image, 5 << 20)), 413, "MANIFEST_INVALID");
    assertThat(putManifest("big", "four", padded(image, 4 << 20)).statusCode()).isEqualTo(201);
    assertThat(registry.client().findManifest("big", "four")).contains(padded(image, 4 << 20));
  }

  /// Together they are larger than the server's memory.
  @Test
  void takesLargeManifestsFromManyClientsAtOnce() throws Exception {
    SampleImage image = SampleImage.small(new SplittableRandom(1));
    image.blobs().forEach(blob -> registry.client().pushBlob("many", blob));
    byte[] large = padded(image, 4 << 20);
    byte[] oneText = withOneLongText(image, 4_000_000);
    List<Future<Integer>> statuses = new ArrayList<>();
    try (ExecutorService clients = Executors.newFixedThreadPool(20)) {
      for (int i = 0; i < 60; i++) {
        byte[] content = (i % 2 == 0 ? large : oneText).clone();
        String tag = "t" + i;
        content[content.length - 10] = (byte) ('a' + i % 26);
        statuses.add(clients.submit(() -> pushAndPull(tag, content)));
      }
    }
    int served = 0;
    for (Future<Integer> status : statuses) {
      assertThat(status.get()).isIn(200, 503);
      served += status.get() == 200 ? 1 : 0;
    }
    assertThat(served).isGreaterThan(statuses.size() / 2);
  }

  private int pushAndPull(String tag, byte[] content) {
    int pushed = putManifest("many", tag, content).statusCode();
    if (pushed != 201) {
      return pushed;
    }
    assertThat(registry.client().findManifest("many", tag)).contains(content);
    return 200;
  }

  @ParameterizedTest
  @ValueSource(strings = {"not json", "[]", "{}", "{\"schemaVersion\":2", "\"x\"", "null"})
  void refusesAManifestThatIsNone(String body) {
    var answer = putManifest("wrong", "x", body.getBytes(StandardCharsets.UTF_8));

    assertError(answer, 400, "MANIFEST_INVALID");
  }

  @Test
  void refusesAManifestWhoseBlobsAreMissing() {
    SampleImage image = SampleImage.small(new SplittableRandom(1));

    var answer = putManifest("missing", "x", image.manifest().bytes());

    assertError(answer, 404, "MANIFEST_BLOB_UNKNOWN");
    assertThat(registry.client().findManifest("missing", image.digest())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"255, 201", "256, 400"})
  void takesRepositoryNamesOf255Characters(int length, int status) {
    String name = named(length);

    assertThat(name).hasSize(length);
    assertThat(registry.client().offerBlob(name, CONTENT)).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"128, true", "129, false"})
  void takesTagsOf128Characters(int length, boolean taken) {
    SampleImage image = SampleImage.small(new SplittableRandom(1));
    image.blobs().forEach(blob -> registry.client().pushBlob("tags", blob));

    int status = putManifest("tags", "t".repeat(length), image.manifest().bytes()).statusCode();

    assertThat(status == 201).isEqualTo(taken);
    assertThat(status).isIn(201, 400, 404);
  }

  @ParameterizedTest
  @CsvSource({"short, 5", "long, 50"})
  void takesNothingFromABodyOfAnotherLength(String kind, int declared) throws Exception {
    String target = "/v2/length/blobs/uploads/?digest=" + Digests.sha256(CONTENT);
    try (var connection = new RawConnection(registry.port())) {
      connection.write(
          "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
              .formatted(target, declared));
      connection.write(CONTENT);
      connection.finishWriting();
    }

    assertThat(registry.client().findBlob("length", Digests.sha256(CONTENT))).as(kind).isEmpty();
  }

  private static String named(int length) {
    // Components of 50, and a last one that fits: no file name is over its own limit.
    var name = new StringBuilder();
    while (name.length() + 51 < length) {
      name.append("n".repeat(50)).append('/');
    }
    return name.append("n".repeat(length - name.length())).toString();
  }

  /// The same image with annotations of 64 KiB each.
  private static byte[] padded(SampleImage image, int size) {
    String json = new String(image.manifest().bytes(), StandardCharsets.UTF_8);
    var text = new StringBuilder(json.substring(0, json.length() - 1));
    text.append(",\"annotations\":{");
    for (int i = 0; text.length() < size - 2 * (64 << 10); i++) {
      text.append("\"pad%d\":\"%s\",".formatted(i, "p".repeat(64 << 10)));
    }
    text.append("\"pad\":\"");
    String end = "\"}}";
    text.append("p".repeat(size - text.length() - end.length())).append(end);
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] withOneLongText(SampleImage image, int length) {
    String json = new String(image.manifest().bytes(), StandardCharsets.UTF_8);
    return (json.substring(0, json.length() - 1)
            + ",\"annotations\":{\"pad\":\"%s\"}}".formatted("p".repeat(length)))
        .getBytes(StandardCharsets.UTF_8);
  }

  private HttpResponse<byte[]> put(String location, String digest, byte[] content) {
    String target = location + (location.contains("?") ? "&" : "?") + "digest=" + digest;
    return registry
        .client()
        .send("PUT", target, Map.of("Content-Type", "application/octet-stream"), content);
  }

  private HttpResponse<byte[]> putManifest(String repository, String reference, byte[] content) {
    return registry
        .client()
        .send(
            "PUT",
            "/v2/" + repository + "/manifests/" + reference,
            Map.of("Content-Type", SampleImage.OCI_MANIFEST),
            content);
  }

  private static void assertError(HttpResponse<byte[]> answer, int status, String code) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8))
        .contains("\"code\":\"" + code + "\"");
  }
}
