import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/// What the reads ask for: one image under one tag, two blobs, and a repository of 10,000 tags.
final class Content {
  static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
  static final int TAGS = 10_000;

  final byte[] small = bytes(1024 * 1024, 1);
  final byte[] large = bytes(64 * 1024 * 1024, 2);
  final byte[] manifest = manifest("first");
  final byte[] other = manifest("other");

  String smallHex() {
    return PushLoad.sha256(small);
  }

  String largeHex() {
    return PushLoad.sha256(large);
  }

  /// Puts all of it on a server; nginx gets files.
  void putOn(Server server) throws IOException {
    if (server.kind == Server.Kind.NGINX) {
      Files.write(server.store.resolve("small"), small);
      Files.write(server.store.resolve("large"), large);
      Files.write(server.store.resolve("manifest"), manifest);
      return;
    }
    try (Client client = new Client(server.port)) {
      push(client, "bench/image", config());
      push(client, "bench/image", small);
      push(client, "bench/image", large);
      putManifest(client, "bench/image", "latest", manifest);
    }
  }

  /// Gives a repository its 10,000 tags.
  void putTagsOn(Server server) throws IOException {
    if (server.kind == Server.Kind.NGINX) {
      return;
    }
    try (Client client = new Client(server.port)) {
      push(client, "bench/tags", config());
      push(client, "bench/tags", small);
      push(client, "bench/tags", large);
      putManifest(client, "bench/tags", "latest", manifest);
    }
    writeTags(server.store.resolve("docker/registry/v2/repositories/bench/tags/_manifests/tags"));
  }

  static void putManifest(Client client, String repository, String tag, byte[] manifest)
      throws IOException {
    client.expect(
        201,
        "PUT",
        "/v2/" + repository + "/manifests/" + tag,
        manifest,
        manifest.length,
        "Content-Type: " + MANIFEST_TYPE);
  }

  private static void push(Client client, String repository, byte[] bytes) throws IOException {
    PushLoad.push(client, repository, bytes, PushLoad.sha256(bytes), PushLoad.Way.PATCH);
  }

  /// What a listing looks at of a tag, as every registry of this layout writes it; 10,000 pushes
  /// would take minutes.
  private void writeTags(Path tags) throws IOException {
    String hex = PushLoad.sha256(manifest);
    byte[] link = ("sha256:" + hex).getBytes(StandardCharsets.US_ASCII);
    for (int i = 1; i < TAGS; i++) {
      Path tag = tags.resolve("v1.%05d".formatted(i));
      Files.write(Files.createDirectories(tag.resolve("current")).resolve("link"), link);
    }
  }

  private static byte[] config() {
    return "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\"}}"
        .getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] manifest(String name) {
    String layer =
        "{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\"sha256:%s\",\"size\":%d}";
    return """
    {"schemaVersion":2,"mediaType":"%s",
    "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%d},
    "layers":[%s,%s],"annotations":{"org.opencontainers.image.title":"%s"}}\
    """
        .formatted(
            MANIFEST_TYPE,
            PushLoad.sha256(config()),
            config().length,
            layer.formatted(smallHex(), small.length),
            layer.formatted(largeHex(), large.length),
            name)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
