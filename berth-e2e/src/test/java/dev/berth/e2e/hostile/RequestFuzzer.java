package dev.berth.e2e.hostile;

import dev.berth.e2e.harness.Digests;
import dev.berth.e2e.harness.SampleImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/// Makes requests from the grammar of the distribution protocol: method × path × headers × body,
/// each mostly right and sometimes wrong, so that many get deep into the server.
final class RequestFuzzer {
  private static final List<String> RANGES =
      List.of(
          "bytes=0-0",
          "bytes=5-",
          "bytes=-5",
          "bytes=9-3",
          "bytes=0-1,3-4",
          "bytes=",
          "0-5",
          "bytes=99999999999999999999-",
          "bytes=a-b",
          "items=0-1",
          "bytes=-0");
  private static final List<String> CONTENT_RANGES =
      List.of("0-0", "0-9", "5-9", "bytes 0-9/10", "9-0", "x", "-1-5", "0-99999999999999999999");
  private static final List<String> TYPES =
      List.of(
          "application/octet-stream",
          SampleImage.OCI_MANIFEST,
          SampleImage.OCI_INDEX,
          SampleImage.DOCKER_MANIFEST,
          SampleImage.DOCKER_LIST,
          "application/vnd.docker.distribution.manifest.v1+prettyjws",
          "application/json; charset=utf-8",
          "text/html",
          "",
          "///",
          "a/b;".repeat(50));
  private static final List<String> ODD_HEADERS =
      List.of(
          "Host: \u00ff\u0001",
          "X-Forwarded-Proto: javascript",
          "X-Forwarded-Host: a b\"<>",
          "Forwarded: for=;;;proto=\"",
          "X-Forwarded-For: " + "1,".repeat(500),
          "Authorization: Basic !!!!",
          "Accept: " + "a/b,".repeat(500),
          "Expect: 100-continue",
          "Expect: 200-ok",
          "Connection: upgrade, x",
          "Upgrade: h2c",
          "Cookie: " + "c".repeat(5_000),
          "X-Big: " + "b".repeat(20_000),
          "Content-Encoding: gzip",
          "Date: never",
          "If-Range: x",
          "Trailer: x",
          "Keep-Alive: timeout=-1");

  /// All of them refer to [Vocabulary#SOME_DIGEST], which one of the bodies below is.
  private static final List<String> GOOD_MANIFESTS =
      List.of(
          "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%<s]}"
              .formatted(SampleImage.OCI_MANIFEST, some(SampleImage.OCI_CONFIG)),
          "{\"schemaVersion\":2,\"config\":%s,\"layers\":[],\"subject\":%<s,\"artifactType\":\"a/b\"}"
              .formatted(some(SampleImage.OCI_MANIFEST)),
          "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%<s,%<s]}"
              .formatted(SampleImage.DOCKER_MANIFEST, some(SampleImage.DOCKER_CONFIG)),
          "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[]}"
              .formatted(SampleImage.OCI_INDEX),
          "{\"schemaVersion\":2,\"manifests\":[],\"subject\":%s}"
              .formatted(some(SampleImage.OCI_INDEX)));

  private static final List<String> BODIES =
      List.of(
          "\u0001",
          "",
          "x",
          "{}",
          "[]",
          "null",
          "{\"schemaVersion\":2}",
          "{\"schemaVersion\":1,\"name\":\"a\",\"fsLayers\":[],\"signatures\":[]}",
          "{\"schemaVersion\":2,\"layers\":[{}],\"config\":{}}",
          "{\"schemaVersion\":2,\"layers\":null,\"config\":[]}",
          "{\"schemaVersion\":2,\"manifests\":[{\"digest\":5,\"size\":-1}]}",
          "{\"schemaVersion\":\"2\",\"config\":{\"digest\":\"sha256:..\",\"size\":1e99}}",
          "{\"schemaVersion\":2,\"subject\":{\"digest\":\"../x\",\"size\":1,\"mediaType\":5}}",
          "{\"a\":" + "[".repeat(5_000),
          "{\"schemaVersion\":2,\"annotations\":{\"" + "k".repeat(70_000) + "\":\"v\"}}",
          "\u00ff\u00fe\u0000",
          "{\"schemaVersion\":2,\"schemaVersion\":2,\"config\":{\"urls\":[\"file:///etc\"]}}");

  private static String some(String mediaType) {
    return SampleImage.descriptor(mediaType, Vocabulary.SOME_CONTENT);
  }

  private final RandomGenerator random;
  private final Vocabulary words;

  /// One request as bytes.
  ///
  /// @param wellFormed it is correct HTTP/1.1, so it must be answered
  record Fuzzed(String method, String target, byte[] bytes, boolean wellFormed) {
    @Override
    public String toString() {
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      return text.substring(0, Math.min(text.length(), 700));
    }
  }

  RequestFuzzer(RandomGenerator random, Vocabulary words) {
    this.random = random;
    this.words = words;
  }

  Fuzzed next() {
    byte[] body = body();
    String target = target(body);
    String method = words.chance(4) ? words.method() : methodFor(target);
    boolean withBody = !List.of("GET", "HEAD", "DELETE", "OPTIONS").contains(method);
    byte[] sent = withBody || words.chance(30) ? body : new byte[0];
    var head = new StringBuilder(method + " " + target + " " + version() + "\r\n");
    boolean sound = soundLine(method, target, head);
    head.append("Host: 127.0.0.1\r\n");
    sound &= headers(head);
    return framed(method, target, head, sent, sound);
  }

  private static boolean soundLine(String method, String target, StringBuilder line) {
    return line.toString().endsWith(" HTTP/1.1\r\n")
        && method.matches("[!-~]{1,20}")
        && target.startsWith("/")
        && target.length() < 2_000
        && target.matches("[!-~]*")
        && !target.matches(".*[\\\\|\"<>^`{}].*|.*%(?![0-9a-fA-F]{2}).*|.*%00.*");
  }

  /// One that the target knows, so that most requests get past the routes.
  private String methodFor(String target) {
    if (target.contains("/blobs/uploads/?")) {
      return "POST";
    }
    if (target.contains("/blobs/uploads/")) {
      return words.pick(List.of("POST", "PATCH", "PATCH", "PUT", "PUT", "GET", "DELETE"));
    }
    if (target.contains("/manifests/")) {
      return words.pick(List.of("PUT", "PUT", "GET", "HEAD", "DELETE"));
    }
    return words.pick(List.of("GET", "GET", "HEAD", "DELETE"));
  }

  private String version() {
    return switch (random.nextInt(200)) {
      case 0 -> "HTTP/1.0";
      case 1 -> "HTTP/2.0";
      case 2 -> "HTTP/9.9";
      case 3 -> "";
      default -> "HTTP/1.1";
    };
  }

  private String target(byte[] body) {
    String v2 = "/v2/" + words.name();
    return switch (random.nextInt(22)) {
      case 0 -> "/v2/";
      case 1 -> "/";
      case 2 -> "/v2/_catalog?n=" + words.number() + "&last=" + words.name();
      case 3, 4 -> v2 + "/tags/list?n=" + words.number() + "&last=" + words.tag();
      case 5, 6, 7 -> v2 + "/manifests/" + words.tag();
      case 8, 9 -> v2 + "/manifests/" + words.digest();
      case 10 -> v2 + "/manifests/" + Digests.sha256(body) + "?tag=" + words.tag();
      case 11, 12 -> v2 + "/blobs/" + words.digest();
      case 13 -> v2 + "/blobs/uploads/";
      case 14 -> v2 + "/blobs/uploads/?digest=" + Digests.sha256(body);
      case 15 -> v2 + "/blobs/uploads/?mount=" + words.digest() + "&from=" + words.name();
      case 16, 17 -> words.session();
      case 18 -> {
        String session = words.session();
        String digest = words.chance(3) ? words.digest() : Digests.sha256(body);
        yield session + (session.contains("?") ? "&" : "?") + "digest=" + digest;
      }
      case 19 -> v2 + "/referrers/" + words.digest() + "?artifactType=" + words.name();
      case 20 -> words.pick(List.of("*", "http://[::1", "/v2", "//v2/", "/v3/", "/%", "/v2/?%"));
      default -> "/" + noise(40);
    };
  }

  /// Whether the headers are correct HTTP.
  private boolean headers(StringBuilder head) {
    optional(head, "Content-Type", TYPES, 2);
    optional(head, "Range", RANGES, 6);
    optional(head, "Content-Range", CONTENT_RANGES, 4);
    optional(head, "Accept", TYPES, 4);
    optional(head, "If-None-Match", List.of("\"x\"", Vocabulary.SOME_DIGEST, "*", "\""), 8);
    if (words.chance(12)) {
      head.append(words.pick(ODD_HEADERS)).append("\r\n");
      return false;
    }
    if (words.chance(100)) {
      head.append(noise(30)).append("\r\n");
      return false;
    }
    return true;
  }

  private void optional(StringBuilder head, String name, List<String> values, int oneIn) {
    if (words.chance(oneIn)) {
      head.append(name).append(": ").append(words.pick(values)).append("\r\n");
    }
  }

  private Fuzzed framed(
      String method, String target, StringBuilder head, byte[] body, boolean sound) {
    var bytes = new ByteArrayOutputStream();
    int kind = random.nextInt(60);
    boolean right = kind > 5;
    switch (kind) {
      case 0 -> head.append("Content-Length: ").append(body.length + 50).append("\r\n\r\n");
      case 1 -> head.append("Content-Length: -1\r\n\r\n");
      case 2 -> head.append("Content-Length: 5\r\nContent-Length: 6\r\n\r\n");
      case 3 -> head.append("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n");
      case 4 -> head.append("Transfer-Encoding: chunked\r\n\r\nzz\r\n");
      case 5 -> head.append("Content-Length: 99999999999999999999\r\n\r\n");
      case 6, 7, 8 ->
          head.append("Transfer-Encoding: chunked\r\n\r\n")
              .append(body.length == 0 ? "" : Integer.toHexString(body.length) + "\r\n");
      default -> head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    }
    bytes.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    bytes.writeBytes(body);
    if (kind >= 6 && kind <= 8) {
      bytes.writeBytes(
          (body.length == 0 ? "0\r\n\r\n" : "\r\n0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }
    return new Fuzzed(method, target, bytes.toByteArray(), sound && right);
  }

  private byte[] body() {
    if (words.chance(4)) {
      byte[] content = new byte[random.nextInt(3_000)];
      random.nextBytes(content);
      return content;
    }
    if (words.chance(4)) {
      return words.pick(GOOD_MANIFESTS).getBytes(StandardCharsets.ISO_8859_1);
    }
    return words.pick(BODIES).getBytes(StandardCharsets.ISO_8859_1);
  }

  private String noise(int most) {
    var noise = new StringBuilder();
    for (int i = random.nextInt(most); i > 0; i--) {
      noise.append((char) random.nextInt(1, 256));
    }
    return noise.toString();
  }
}
