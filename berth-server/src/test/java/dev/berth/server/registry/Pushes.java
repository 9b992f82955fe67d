package dev.berth.server.registry;

import dev.berth.oci.BlobContent;
import dev.berth.oci.BodySource;
import dev.berth.oci.Digest;
import dev.berth.oci.ManifestContent;
import dev.berth.oci.ManifestPush;
import dev.berth.oci.MediaType;
import dev.berth.oci.PushedManifest;
import dev.berth.oci.Registry;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.oci.UploadChunk;
import dev.berth.oci.UploadSession;
import dev.berth.server.store.Digests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What a client does, in one call each.
final class Pushes {
  private final Registry registry;

  Pushes(Registry registry) {
    this.registry = registry;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Digest sha256(byte[] bytes) {
    return Digests.of(Digest.Algorithm.SHA256, bytes);
  }

  static UploadChunk chunk(byte[]... runs) {
    return new UploadChunk(OptionalLong.empty(), OptionalLong.empty(), body(runs));
  }

  static UploadChunk chunkAt(long offset, byte[] run) {
    return new UploadChunk(OptionalLong.of(offset), OptionalLong.empty(), body(run));
  }

  static BodySource body(byte[]... runs) {
    Iterator<byte[]> left = List.of(runs).iterator();
    return () -> left.hasNext() ? ByteBuffer.wrap(left.next()) : null;
  }

  /// A body that ends with the connection after these bytes.
  static BodySource broken(byte[] run) {
    Iterator<byte[]> left = List.of(run).iterator();
    return () -> {
      if (left.hasNext()) {
        return ByteBuffer.wrap(left.next());
      }
      throw new IOException("connection reset");
    };
  }

  Digest blob(RepositoryName repository, byte[] bytes) {
    Digest digest = sha256(bytes);
    UploadSession session = registry.startUpload(repository);
    registry.commitUpload(repository, session.id(), chunk(bytes), digest);
    return digest;
  }

  /// An OCI image manifest with one configuration and one layer, both pushed before.
  byte[] image(RepositoryName repository, String name) {
    byte[] config = bytes("{\"config\":\"" + name + "\"}");
    byte[] layer = bytes("layer of " + name);
    blob(repository, config);
    blob(repository, layer);
    return manifest(config, layer, "");
  }

  static byte[] manifest(byte[] config, byte[] layer, String more) {
    return bytes(
        """
        {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]%s}"""
            .formatted(
                MediaType.OCI_MANIFEST,
                descriptor("application/vnd.oci.image.config.v1+json", config),
                descriptor("application/vnd.oci.image.layer.v1.tar", layer),
                more));
  }

  static String descriptor(String type, byte[] content) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(type, sha256(content), content.length);
  }

  PushedManifest push(RepositoryName repository, byte[] manifest, MediaType type, String... tags) {
    List<Tag> parsed = List.of(tags).stream().map(Tag::new).toList();
    return registry.putManifest(
        repository, new ManifestPush(Optional.of(type), Optional.empty(), parsed, manifest));
  }

  byte[] pull(RepositoryName repository, Digest digest) throws IOException {
    try (BlobContent content = registry.openBlob(repository, digest)) {
      return bytesOf(content);
    }
  }

  static byte[] bytesOf(ManifestContent manifest) {
    try (BlobContent content = manifest.open()) {
      return bytesOf(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytesOf(BlobContent content) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(content.size()));
    while (bytes.hasRemaining() && content.read(bytes, bytes.position()) > 0) {
      // read on
    }
    return bytes.array();
  }
}
