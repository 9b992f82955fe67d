package dev.berth.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.Digest;
import dev.berth.oci.ErrorCode;
import dev.berth.oci.ManifestPush;
import dev.berth.oci.MediaType;
import dev.berth.oci.RegistryException;
import dev.berth.oci.Tag;
import dev.berth.server.engine.Content;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestEndpointsTest {
  private static final byte[] BYTES = "{\"schemaVersion\": 2}".getBytes(StandardCharsets.UTF_8);
  private static final Digest DIGEST = FakeRegistry.digest(Digest.Algorithm.SHA256, BYTES);
  private static final Digest SHA512 = FakeRegistry.digest(Digest.Algorithm.SHA512, BYTES);
  private static final int LIMIT = 40;

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
              new HttpSettings.Limits(LIMIT, 2 * LIMIT, 1000, 1000)));

  private FakeExchange push(String reference) {
    return new FakeExchange("PUT", "/v2/a/manifests/" + reference)
        .header("Content-Type", MediaType.OCI_INDEX + "; charset=utf-8")
        .body(BYTES)
        .through(handler);
  }

  private ManifestPush stored() {
    return Objects.requireNonNull(registry.manifests.get(DIGEST));
  }

  @Test
  void sendsAManifestAsItCame() {
    FakeExchange pushed = push("v1");

    FakeExchange answer =
        new FakeExchange("GET", "/v2/a/manifests/v1")
            .header("Accept", "text/html")
            .through(handler);

    assertThat(pushed.status()).isEqualTo(201);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.bytes()).isEqualTo(BYTES);
    assertThat(answer.field("Content-Type")).isEqualTo(MediaType.OCI_INDEX.value());
    assertThat(answer.field("Docker-Content-Digest")).isEqualTo(DIGEST.toString());
    assertThat(answer.field("ETag")).isEqualTo("\"" + DIGEST + "\"");
  }

  @Test
  void sendsTheSizeForHead() {
    push("v1");

    FakeExchange answer = new FakeExchange("HEAD", "/v2/a/manifests/v1").through(handler);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.answer().content()).isEqualTo(new Content.Length(BYTES.length));
    assertThat(answer.field("Docker-Content-Digest")).isEqualTo(DIGEST.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"D\"", "D", "W/\"D\"", "*"})
  void sendsNothingThatTheClientHas(String noneMatch) {
    push("v1");

    FakeExchange answer =
        new FakeExchange("GET", "/v2/a/manifests/v1")
            .header("If-None-Match", noneMatch.replace("D", DIGEST.toString()))
            .through(handler);

    assertThat(answer.status()).isEqualTo(304);
    assertThat(answer.answer().content()).isEqualTo(new Content.None());
  }

  @Test
  void saysWhereAPushedManifestIs() {
    FakeExchange answer = push("v1");

    assertThat(answer.field("Location")).isEqualTo("/v2/a/manifests/" + DIGEST);
    assertThat(answer.field("Docker-Content-Digest")).isEqualTo(DIGEST.toString());
    assertThat(answer.has("OCI-Tag")).isFalse();
    assertThat(answer.has("OCI-Subject")).isFalse();
  }

  @Test
  void namesThePushedDigestInTheClientsAlgorithm() {
    FakeExchange answer = push(SHA512.toString());

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.field("Location")).isEqualTo("/v2/a/manifests/" + SHA512);
    assertThat(answer.field("Docker-Content-Digest")).isEqualTo(SHA512.toString());
  }

  @Test
  void passesOnWhatTheClientSaysOfAManifest() {
    push("v1");

    ManifestPush push = stored();
    assertThat(push.contentType()).contains(MediaType.OCI_INDEX);
    assertThat(push.digest()).isEmpty();
    assertThat(push.tags()).containsExactly(new Tag("v1"));
    assertThat(push.bytes()).isEqualTo(BYTES);
  }

  @Test
  void setsSeveralTagsInOnePush() {
    FakeExchange answer = push(DIGEST + "?tag=v1&tag=v1.0&tag=latest");

    assertThat(answer.field("OCI-Tag")).isEqualTo("v1, v1.0, latest");
    assertThat(registry.tags.keySet())
        .containsExactlyInAnyOrder(new Tag("v1"), new Tag("v1.0"), new Tag("latest"));
    assertThat(stored().digest()).contains(DIGEST);
  }

  @Test
  void setsFurtherTagsOfAPushByTag() {
    FakeExchange answer = push("v1?tag=v2&tag=v1");

    assertThat(answer.field("OCI-Tag")).isEqualTo("v2, v1");
    assertThat(stored().tags()).containsExactly(new Tag("v1"), new Tag("v2"));
  }

  @Test
  void namesTheSubject() {
    registry.subject = Optional.of(SHA512);

    assertThat(push("v1").field("OCI-Subject")).isEqualTo(SHA512.toString());
  }

  @Test
  void refusesAnnouncedGiantsUnread() {
    FakeExchange answer =
        new FakeExchange("PUT", "/v2/a/manifests/v1").body(new byte[LIMIT + 1]).through(handler);

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.text()).contains("\"code\":\"MANIFEST_INVALID\"");
    assertThat(answer.timesAskedForBody()).isZero();
  }

  @Test
  void refusesGiantsThatAnnounceNothing() {
    FakeExchange tooLarge =
        new FakeExchange("PUT", "/v2/a/manifests/v1")
            .header("Transfer-Encoding", "chunked")
            .chunked(new byte[LIMIT + 1])
            .through(handler);
    FakeExchange largest =
        new FakeExchange("PUT", "/v2/a/manifests/v1")
            .header("Transfer-Encoding", "chunked")
            .chunked(new byte[LIMIT])
            .through(handler);

    assertThat(tooLarge.status()).isEqualTo(413);
    assertThat(largest.status()).isEqualTo(201);
    assertThat(
            registry.manifests.get(FakeRegistry.digest(Digest.Algorithm.SHA256, new byte[LIMIT])))
        .isNotNull();
  }

  @Test
  void freesTheMemoryOfEveryPush() {
    for (int i = 0; i < 10; i++) {
      new FakeExchange("PUT", "/v2/a/manifests/v1").body(new byte[LIMIT + 1]).through(handler);
      new FakeExchange("PUT", "/v2/a/manifests/v1").brokenBody(LIMIT).through(handler);
      registry.failure = Optional.of(new RegistryException(ErrorCode.MANIFEST_INVALID));
      push("v1");
      registry.failure = Optional.empty();
    }

    assertThat(push("v1").status()).isEqualTo(201);
  }

  @Test
  void answersAClientThatSentLessThanItAnnounced() {
    FakeExchange answer =
        new FakeExchange("PUT", "/v2/a/manifests/v1").brokenBody(10).through(handler);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("\"code\":\"SIZE_INVALID\"");
  }

  @Test
  void deletesByDigestAndByTag() {
    push("v1");

    FakeExchange tag = new FakeExchange("DELETE", "/v2/a/manifests/v1").through(handler);
    FakeExchange byDigest =
        new FakeExchange("DELETE", "/v2/a/manifests/" + DIGEST).through(handler);
    FakeExchange again = new FakeExchange("DELETE", "/v2/a/manifests/" + DIGEST).through(handler);

    assertThat(tag.status()).isEqualTo(202);
    assertThat(byDigest.status()).isEqualTo(202);
    assertThat(again.status()).isEqualTo(404);
    assertThat(registry.tags).isEmpty();
  }
}
