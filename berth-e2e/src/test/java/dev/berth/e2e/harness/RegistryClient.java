package dev.berth.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// A plain client of the distribution protocol, written for the tests only.
///
/// Methods named after an action fail with an [AssertionError] when the answer is not the success
/// that the specification names; [#send] judges nothing. A broken connection is an
/// [UncheckedIOException] everywhere.
public final class RegistryClient {
  /// Every manifest kind the tests use: 2.8.2 hides OCI manifests from clients that do not ask.
  public static final String ACCEPT_ALL =
      String.join(
          ",",
          SampleImage.OCI_MANIFEST,
          SampleImage.OCI_INDEX,
          SampleImage.DOCKER_MANIFEST,
          SampleImage.DOCKER_LIST,
          "*/*");

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  /// Against a hang only.
  private static final Duration ANSWER = Duration.ofMinutes(2);

  private static final Pattern STRING = Pattern.compile("\"([^\"]*)\"");

  private final String host;

  public RegistryClient(String host) {
    this.host = host;
  }

  public boolean answers() {
    try {
      return send("GET", "/v2/", Map.of(), new byte[0]).statusCode() > 0;
    } catch (UncheckedIOException refused) {
      return false;
    }
  }

  /// One exchange, as it is.
  ///
  /// @param target a path with its query, or a whole `Location`
  public HttpResponse<byte[]> send(
      String method, String target, Map<String, String> headers, byte[] body) {
    URI uri = URI.create(target.startsWith("http") ? target : "http://" + host + target);
    var request =
        HttpRequest.newBuilder(uri)
            .timeout(ANSWER)
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    try {
      return HTTP.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + target, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during " + method + " " + target, e);
    }
  }

  /// Pushes a blob by POST and PUT and gives its digest.
  public String pushBlob(String repository, byte[] content) {
    String digest = Digests.sha256(content);
    finishUpload(startUpload(repository), content, digest);
    return digest;
  }

  /// Pushes a blob in one POST, as the specification allows and 2.8.2 does not; gives the status.
  public int offerBlob(String repository, byte[] content) {
    return send(
            "POST",
            "/v2/" + repository + "/blobs/uploads/?digest=" + Digests.sha256(content),
            Map.of("Content-Type", "application/octet-stream"),
            content)
        .statusCode();
  }

  /// Opens an upload session and gives its `Location`.
  public String startUpload(String repository) {
    var answer =
        expect(202, send("POST", "/v2/" + repository + "/blobs/uploads/", Map.of(), new byte[0]));
    return location(answer);
  }

  /// Appends a chunk at `offset` of a session and gives the session's next `Location`.
  public String appendChunk(String location, long offset, byte[] chunk) {
    var headers =
        Map.of(
            "Content-Type",
            "application/octet-stream",
            "Content-Range",
            offset + "-" + (offset + chunk.length - 1));
    return location(expect(202, send("PATCH", location, headers, chunk)));
  }

  /// Commits a session, with its last bytes.
  public void finishUpload(String location, byte[] rest, String digest) {
    String target = location + (location.contains("?") ? "&" : "?") + "digest=" + digest;
    expect(201, send("PUT", target, Map.of("Content-Type", "application/octet-stream"), rest));
  }

  /// Mounts a blob of another repository; whether the registry did (201) or opened a session (202).
  public boolean mount(String repository, String from, String digest) {
    String target = "/v2/" + repository + "/blobs/uploads/?mount=" + digest + "&from=" + from;
    return send("POST", target, Map.of(), new byte[0]).statusCode() == 201;
  }

  /// Pushes a manifest under a tag or its digest, and gives its digest.
  public String pushManifest(String repository, String reference, SampleImage.Manifest manifest) {
    expect(
        201,
        send(
            "PUT",
            "/v2/" + repository + "/manifests/" + reference,
            Map.of("Content-Type", manifest.mediaType()),
            manifest.bytes()));
    return manifest.digest();
  }

  /// Pushes all blobs of an image and then its manifest; gives the manifest's digest.
  public String push(String repository, String tag, SampleImage image) {
    image.blobs().forEach(blob -> pushBlob(repository, blob));
    return pushManifest(repository, tag, image.manifest());
  }

  /// The bytes of a manifest, or nothing when the registry says 404.
  public Optional<byte[]> findManifest(String repository, String reference) {
    return found(
        send(
            "GET",
            "/v2/" + repository + "/manifests/" + reference,
            Map.of("Accept", ACCEPT_ALL),
            new byte[0]));
  }

  /// The digest that a tag names now, by the bytes it answers with.
  public Optional<String> resolve(String repository, String tag) {
    return findManifest(repository, tag).map(Digests::sha256);
  }

  /// The bytes of a blob, or nothing when the registry says 404.
  public Optional<byte[]> findBlob(String repository, String digest) {
    return found(send("GET", "/v2/" + repository + "/blobs/" + digest, Map.of(), new byte[0]));
  }

  /// Deletes a manifest by digest, or a tag; gives the status.
  public int deleteManifest(String repository, String reference) {
    return send("DELETE", "/v2/" + repository + "/manifests/" + reference, Map.of(), new byte[0])
        .statusCode();
  }

  /// Deletes a blob from a repository; gives the status.
  public int deleteBlob(String repository, String digest) {
    return send("DELETE", "/v2/" + repository + "/blobs/" + digest, Map.of(), new byte[0])
        .statusCode();
  }

  /// All tags, in the order of the answer.
  public List<String> tags(String repository) {
    var answer = send("GET", "/v2/" + repository + "/tags/list", Map.of(), new byte[0]);
    String body = new String(expect(200, answer).body(), StandardCharsets.UTF_8);
    int list = body.indexOf('[');
    return list < 0
        ? List.of()
        : STRING.matcher(body.substring(list)).results().map(RegistryClient::inner).toList();
  }

  /// The target of the answer's `Location`, as a path on this registry.
  public static String location(HttpResponse<byte[]> answer) {
    return answer
        .headers()
        .firstValue("Location")
        .orElseThrow(() -> new AssertionError("no Location in " + describe(answer)));
  }

  private static String inner(MatchResult match) {
    return match.group(1);
  }

  private static Optional<byte[]> found(HttpResponse<byte[]> answer) {
    return answer.statusCode() == 404 ? Optional.empty() : Optional.of(expect(200, answer).body());
  }

  private static HttpResponse<byte[]> expect(int status, HttpResponse<byte[]> answer) {
    if (answer.statusCode() != status) {
      throw new AssertionError("expected " + status + ", got " + describe(answer));
    }
    return answer;
  }

  private static String describe(HttpResponse<byte[]> answer) {
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    return "%d for %s %s: %s"
        .formatted(
            answer.statusCode(),
            answer.request().method(),
            answer.request().uri(),
            body.substring(0, Math.min(body.length(), 500)));
  }
}
