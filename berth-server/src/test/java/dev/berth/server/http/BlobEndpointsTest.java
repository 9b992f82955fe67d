package dev.berth.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.Digest;
import dev.berth.server.engine.Content;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlobEndpointsTest {
  private static final byte[] BYTES = "0123456789".getBytes(StandardCharsets.US_ASCII);

  private final FakeRegistry registry = new FakeRegistry();
  private final OciHandler handler = OciHandlers.of(registry, HttpSettings.DEFAULT);
  private final Digest digest = registry.hold(BYTES);
  private final String path = "/v2/a/blobs/" + digest;

  @AfterEach
  void leavesNoBlobOpen() {
    assertThat(registry.openBlobs).isZero();
  }

  @Test
  void sendsABlob() {
    FakeExchange answer = new FakeExchange("GET", path).through(handler);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.bytes()).isEqualTo(BYTES);
    assertThat(answer.field("Docker-Content-Digest")).isEqualTo(digest.toString());
    assertThat(answer.field("ETag")).isEqualTo("\"" + digest + "\"");
    assertThat(answer.field("Content-Type")).isEqualTo("application/octet-stream");
    assertThat(answer.field("Cache-Control")).isEqualTo("max-age=31536000");
    assertThat(answer.field("Accept-Ranges")).isEqualTo("bytes");
  }

  @Test
  void namesTheDigestThatWasAskedFor() {
    Digest sha512 = FakeRegistry.digest(Digest.Algorithm.SHA512, BYTES);

    FakeExchange answer = new FakeExchange("GET", "/v2/a/blobs/" + sha512).through(handler);

    assertThat(answer.field("Docker-Content-Digest")).isEqualTo(sha512.toString());
    assertThat(answer.field("ETag")).isEqualTo("\"" + sha512 + "\"");
  }

  @Test
  void sendsTheSizeForHead() {
    FakeExchange answer =
        new FakeExchange("HEAD", path).header("Range", "bytes=0-1").through(handler);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.answer().content()).isEqualTo(new Content.Length(10));
    assertThat(answer.field("Docker-Content-Digest")).isEqualTo(digest.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=2-5, bytes 2-5/10, 2345",
    "bytes=0-0, bytes 0-0/10, 0",
    "bytes=7-, bytes 7-9/10, 789",
    "bytes=-3, bytes 7-9/10, 789",
    "bytes=-30, bytes 0-9/10, 0123456789",
    "bytes=5-500, bytes 5-9/10, 56789",
    "BYTES=9-9, bytes 9-9/10, 9",
    "bytes= 2 - 5 , bytes 2-5/10, 2345",
  })
  void sendsAPart(String range, String contentRange, String part) {
    FakeExchange answer = new FakeExchange("GET", path).header("Range", range).through(handler);

    assertThat(answer.status()).isEqualTo(206);
    assertThat(answer.text()).isEqualTo(part);
    assertThat(answer.field("Content-Range")).isEqualTo(contentRange);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=10-",
        "bytes=10-20",
        "bytes=5-2",
        "bytes=-0",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=1",
        "bytes=--1",
        "bytes=0x1-2",
        "bytes=99999999999999999999-"
      })
  void refusesRangesOutside(String range) {
    FakeExchange answer = new FakeExchange("GET", path).header("Range", range).through(handler);

    assertThat(answer.status()).isEqualTo(416);
    assertThat(answer.field("Content-Range")).isEqualTo("bytes */10");
    assertThat(answer.text()).contains("\"code\":\"RANGE_INVALID\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-1,3-4", "bytes=0-0,-1", "lines=1-2", "none", ""})
  void sendsAllForRangesThatItDoesNotServe(String range) {
    FakeExchange answer = new FakeExchange("GET", path).header("Range", range).through(handler);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.bytes()).isEqualTo(BYTES);
    assertThat(answer.has("Content-Range")).isFalse();
  }

  @Test
  void sendsAnEmptyBlobWhateverTheRange() {
    Digest empty = registry.hold(new byte[0]);

    FakeExchange answer =
        new FakeExchange("GET", "/v2/a/blobs/" + empty)
            .header("Range", "bytes=0-")
            .through(handler);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.bytes()).isEmpty();
  }

  @Test
  void sendsAPartOnlyWhereItIsOfTheSameBlob() {
    FakeExchange same =
        new FakeExchange("GET", path)
            .header("Range", "bytes=0-1")
            .header("If-Range", "\"" + digest + "\"")
            .through(handler);
    FakeExchange other =
        new FakeExchange("GET", path)
            .header("Range", "bytes=0-1")
            .header("If-Range", "\"other\"")
            .through(handler);

    assertThat(same.status()).isEqualTo(206);
    assertThat(other.status()).isEqualTo(200);
    assertThat(other.bytes()).isEqualTo(BYTES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"D\"", "D", "W/\"D\"", "*", "\"x\", \"D\"", "\"x\",D"})
  void sendsNothingThatTheClientHas(String noneMatch) {
    FakeExchange answer =
        new FakeExchange("GET", path)
            .header("If-None-Match", noneMatch.replace("D", digest.toString()))
            .through(handler);

    assertThat(answer.status()).isEqualTo(304);
    assertThat(answer.answer().content()).isEqualTo(new Content.None());
    assertThat(answer.field("ETag")).isEqualTo("\"" + digest + "\"");
    assertThat(answer.field("Docker-Content-Digest")).isEqualTo(digest.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"x\"", "", "x", "\"", "W/", "\"Dx\"", "\"xD\"", "**"})
  void sendsWhatTheClientDoesNotHave(String noneMatch) {
    FakeExchange answer =
        new FakeExchange("GET", path)
            .header("If-None-Match", noneMatch.replace("D", digest.toString()))
            .through(handler);

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void knowsNoBlobThatIsGoneEvenIfTheClientHasIt() {
    FakeExchange deleted = new FakeExchange("DELETE", path).through(handler);
    FakeExchange answer =
        new FakeExchange("GET", path).header("If-None-Match", "*").through(handler);

    assertThat(deleted.status()).isEqualTo(202);
    assertThat(deleted.answer().content()).isInstanceOf(Content.Bytes.class);
    assertThat(answer.status()).isEqualTo(404);
  }
}
