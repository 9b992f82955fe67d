package dev.berth.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.Digest;
import dev.berth.oci.ErrorCode;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.UploadChunk;
import dev.berth.server.engine.Content;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UploadEndpointsTest {
  private static final byte[] BYTES = "hello world".getBytes(StandardCharsets.US_ASCII);
  private static final Digest DIGEST = FakeRegistry.digest(Digest.Algorithm.SHA256, BYTES);
  private static final Digest SHA512 = FakeRegistry.digest(Digest.Algorithm.SHA512, BYTES);

  private final FakeRegistry registry = new FakeRegistry();
  private final OciHandler handler =
      OciHandlers.of(
          registry,
          new HttpSettings(
              "/",
              Optional.empty(),
              Optional.of(true),
              Map.of(),
              false,
              HttpSettings.Limits.DEFAULT));

  private FakeExchange start(String query) {
    return new FakeExchange("POST", "/v2/a/blobs/uploads/" + query).body("").through(handler);
  }

  private static String withDigest(String location, Digest digest) {
    return location + "&digest=" + digest.toString().replace(":", "%3A");
  }

  @Test
  void startsASession() {
    FakeExchange answer = start("");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.field("Location")).startsWith("/v2/a/blobs/uploads/upload-0?_state=");
    assertThat(answer.field("Range")).isEqualTo("0-0");
    assertThat(answer.field("Docker-Upload-UUID")).isEqualTo("upload-0");
    assertThat(answer.answer().content()).isInstanceOf(Content.Bytes.class);
    assertThat(answer.bytes()).isEmpty();
  }

  @Test
  void takesABlobInChunks() {
    FakeExchange first =
        new FakeExchange("PATCH", start("").field("Location"))
            .header("Content-Range", "0-4")
            .body("hello")
            .through(handler);
    FakeExchange second =
        new FakeExchange("PATCH", first.field("Location"))
            .header("Content-Range", "bytes 5-9/*")
            .body(" worl")
            .through(handler);
    FakeExchange last =
        new FakeExchange("PUT", withDigest(second.field("Location"), DIGEST))
            .header("Content-Range", "10-10")
            .body("d")
            .through(handler);

    assertThat(first.status()).isEqualTo(202);
    assertThat(first.field("Range")).isEqualTo("0-4");
    assertThat(second.status()).isEqualTo(202);
    assertThat(second.field("Range")).isEqualTo("0-9");
    assertThat(last.status()).isEqualTo(201);
    assertThat(last.field("Location")).isEqualTo("/v2/a/blobs/" + DIGEST);
    assertThat(last.field("Docker-Content-Digest")).isEqualTo(DIGEST.toString());
    assertThat(registry.blobs.get(DIGEST)).isEqualTo(BYTES);
  }

  @Test
  void takesAStreamWithoutLength() {
    FakeExchange patch =
        new FakeExchange("PATCH", start("").field("Location"))
            .header("Transfer-Encoding", "chunked")
            .chunked(BYTES)
            .through(handler);
    FakeExchange put =
        new FakeExchange("PUT", withDigest(patch.field("Location"), DIGEST))
            .body("")
            .through(handler);

    assertThat(patch.status()).isEqualTo(202);
    assertThat(registry.chunks.getFirst().length()).isEmpty();
    assertThat(put.status()).isEqualTo(201);
    assertThat(registry.chunks.getLast()).isSameAs(UploadChunk.EMPTY);
  }

  @Test
  void takesABlobWithThePutAlone() {
    FakeExchange put =
        new FakeExchange("PUT", withDigest(start("").field("Location"), SHA512))
            .body(BYTES)
            .through(handler);

    assertThat(put.status()).isEqualTo(201);
    assertThat(put.field("Location")).isEqualTo("/v2/a/blobs/" + SHA512);
    assertThat(put.field("Docker-Content-Digest")).isEqualTo(SHA512.toString());
    assertThat(registry.chunks.getLast().length()).hasValue(11);
  }

  @Test
  void takesABlobWithASinglePost() {
    FakeExchange post =
        new FakeExchange("POST", "/v2/a/blobs/uploads/?digest=" + DIGEST)
            .body(BYTES)
            .through(handler);

    assertThat(post.status()).isEqualTo(201);
    assertThat(post.field("Location")).isEqualTo("/v2/a/blobs/" + DIGEST);
    assertThat(registry.blobs.get(DIGEST)).isEqualTo(BYTES);
    assertThat(registry.uploads).isEmpty();
  }

  @Test
  void leavesNoSessionBehindAFailedSinglePost() {
    registry.failure = Optional.empty();
    FakeExchange wrong =
        new FakeExchange("POST", "/v2/a/blobs/uploads/?digest=" + DIGEST)
            .body("something else")
            .through(handler);
    FakeExchange broken =
        new FakeExchange("POST", "/v2/a/blobs/uploads/?digest=" + DIGEST)
            .brokenBody(11)
            .through(handler);

    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.text()).contains("\"code\":\"DIGEST_INVALID\"");
    assertThat(broken.status()).isEqualTo(400);
    assertThat(broken.text()).contains("\"code\":\"SIZE_INVALID\"");
    assertThat(registry.uploads).isEmpty();
  }

  @Test
  void startsASessionForAPostWithADigestButNoBytes() {
    FakeExchange post = start("?digest=" + DIGEST);

    assertThat(post.status()).isEqualTo(202);
    assertThat(post.field("Location")).contains("_state=");
  }

  @ParameterizedTest
  @CsvSource({"SHA256", "SHA512"})
  void takesTheEmptyBlobWithASinglePost(Digest.Algorithm algorithm) {
    Digest empty = FakeRegistry.digest(algorithm, new byte[0]);

    assertThat(start("?digest=" + empty).status()).isEqualTo(201);
    assertThat(registry.blobs).containsKey(empty);
  }

  @Test
  void mountsABlobThatIsThere() {
    Digest held = registry.hold(BYTES);
    registry.repositories.add(new RepositoryName("b"));

    FakeExchange from = start("?mount=" + held + "&from=b");
    FakeExchange anywhere = start("?mount=" + held);

    assertThat(from.status()).isEqualTo(201);
    assertThat(from.field("Location")).isEqualTo("/v2/a/blobs/" + held);
    assertThat(from.field("Docker-Content-Digest")).isEqualTo(held.toString());
    assertThat(anywhere.status()).isEqualTo(201);
    assertThat(registry.uploads).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?mount=D&from=nobody", "?mount=x&from=b", "?mount=D&from=B", "?from=b"})
  void startsASessionWhereNothingCanBeMounted(String query) {
    FakeExchange answer = start(query.replace("D", SHA512.toString()));

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.field("Location")).contains("_state=");
  }

  @Test
  void keepsTheSessionWhenAChunkIsOutOfOrder() {
    FakeExchange first =
        new FakeExchange("PATCH", start("").field("Location"))
            .header("Content-Range", "0-4")
            .body("hello")
            .through(handler);

    FakeExchange early =
        new FakeExchange("PATCH", first.field("Location"))
            .header("Content-Range", "7-8")
            .body("rl")
            .through(handler);
    FakeExchange last =
        new FakeExchange("PUT", withDigest(first.field("Location"), DIGEST))
            .header("Content-Range", "0-4")
            .body("hello")
            .through(handler);

    assertThat(early.status()).isEqualTo(416);
    assertThat(early.text()).contains("\"code\":\"RANGE_INVALID\"");
    assertThat(early.field("Range")).isEqualTo("0-4");
    assertThat(early.field("Docker-Upload-UUID")).isEqualTo("upload-0");
    assertThat(early.field("Location")).isEqualTo(first.field("Location"));
    assertThat(early.timesAskedForBody()).isZero();
    assertThat(last.status()).isEqualTo(416);
    assertThat(registry.uploads).hasSize(1);
  }

  @Test
  void refusesOldLocationsForBytesWithoutRange() {
    String old = start("").field("Location");
    new FakeExchange("PATCH", old).body("hello").through(handler);

    FakeExchange again = new FakeExchange("PATCH", old).body("hello").through(handler);
    FakeExchange closing =
        new FakeExchange(
                "PUT",
                withDigest(
                    old,
                    FakeRegistry.digest(
                        Digest.Algorithm.SHA256, "hello".getBytes(StandardCharsets.US_ASCII))))
            .body("")
            .through(handler);

    assertThat(again.status()).isEqualTo(416);
    assertThat(again.field("Range")).isEqualTo("0-4");
    assertThat(closing.status()).isEqualTo(201);
  }

  @Test
  void takesRequestsWithoutState() {
    start("");

    FakeExchange patch =
        new FakeExchange("PATCH", "/v2/a/blobs/uploads/upload-0").body(BYTES).through(handler);
    FakeExchange status = new FakeExchange("GET", "/v2/a/blobs/uploads/upload-0").through(handler);
    FakeExchange put =
        new FakeExchange("PUT", "/v2/a/blobs/uploads/upload-0?digest=" + DIGEST)
            .body("")
            .through(handler);

    assertThat(patch.status()).isEqualTo(202);
    assertThat(registry.chunks.getFirst().offset()).isEmpty();
    assertThat(status.status()).isEqualTo(204);
    assertThat(put.status()).isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource({"PATCH", "PUT", "GET", "DELETE"})
  void refusesWrongState(String method) {
    start("");

    FakeExchange answer =
        new FakeExchange(method, "/v2/a/blobs/uploads/upload-0?_state=AAAA&digest=" + DIGEST)
            .body("x")
            .through(handler);

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).contains("\"code\":\"BLOB_UPLOAD_INVALID\"");
    assertThat(registry.uploads).hasSize(1);
    assertThat(answer.timesAskedForBody()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "", "-", "5-2", "0-", "-5", "bytes */11", "0-a", "0-99999999999999999999"})
  void refusesWhatIsNoRange(String range) {
    FakeExchange answer =
        new FakeExchange("PATCH", start("").field("Location"))
            .header("Content-Range", range)
            .body("hello")
            .through(handler);

    assertThat(answer.status()).isEqualTo(416);
    assertThat(answer.field("Range")).isEqualTo("0-0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0-4", "bytes 0-4/*", "bytes 0-4/11", "bytes=0-4", "Bytes 0-4/*", " 0-4 "})
  void takesEveryFormOfRange(String range) {
    FakeExchange answer =
        new FakeExchange("PATCH", start("").field("Location"))
            .header("Content-Range", range)
            .body("hello")
            .through(handler);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(registry.chunks.getFirst().offset()).hasValue(0);
    assertThat(registry.chunks.getFirst().length()).hasValue(5);
  }

  @Test
  void refusesALengthThatIsNotTheRanges() {
    FakeExchange answer =
        new FakeExchange("PATCH", start("").field("Location"))
            .header("Content-Range", "0-5")
            .body("hello")
            .through(handler);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("\"code\":\"SIZE_INVALID\"");
    assertThat(answer.timesAskedForBody()).isZero();
  }

  @Test
  void saysHowFarAnUploadIs() {
    FakeExchange patch =
        new FakeExchange("PATCH", start("").field("Location")).body(BYTES).through(handler);

    FakeExchange answer = new FakeExchange("GET", patch.field("Location")).through(handler);

    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.field("Range")).isEqualTo("0-10");
    assertThat(answer.field("Location")).isEqualTo(patch.field("Location"));
    assertThat(answer.field("Docker-Upload-UUID")).isEqualTo("upload-0");
    assertThat(answer.answer().content()).isEqualTo(new Content.None());
  }

  @Test
  void cancelsAnUpload() {
    String location = start("").field("Location");

    FakeExchange answer = new FakeExchange("DELETE", location).through(handler);
    FakeExchange again = new FakeExchange("DELETE", location).through(handler);

    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.field("Docker-Upload-UUID")).isEqualTo("upload-0");
    assertThat(again.status()).isEqualTo(404);
    assertThat(again.text()).contains("\"code\":\"BLOB_UPLOAD_UNKNOWN\"");
  }

  @Test
  void doesNotAskForTheBodyOfARefusedChunk() {
    String location = start("").field("Location");
    registry.failure = Optional.of(new RegistryException(ErrorCode.BLOB_UPLOAD_UNKNOWN));

    FakeExchange answer = new FakeExchange("PATCH", location).body(BYTES).through(handler);

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.timesAskedForBody()).isZero();
  }

  @Test
  void answersAClientThatWentAway() {
    FakeExchange answer =
        new FakeExchange("PATCH", start("").field("Location")).brokenBody(10).through(handler);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("\"code\":\"SIZE_INVALID\"");
  }
}
