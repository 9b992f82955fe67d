package dev.berth.e2e.clients;

import dev.berth.e2e.harness.Digests;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.TarLayer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// An OCI layout with one image that has one uncompressed layer of random bytes, made without
/// holding it in memory.
///
/// @param digest of the manifest
record BigLayer(Path layout, String digest, String layerDigest) {
  static final String TAG = "big";
  private static final int PIECE = 1 << 20;

  /// @param mebibytes of the layer's one file
  static BigLayer make(Path layout, int mebibytes) throws IOException {
    Files.createDirectories(layout.resolve("blobs/sha256"));
    Path layer = tar(layout.resolve("layer"), mebibytes);
    String layerDigest = Digests.sha256(layer);
    long size = Files.size(layer);
    Files.move(layer, layout.resolve(blob(layerDigest)));
    byte[] config =
        text(
            """
            {"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["%s"]}}"""
                .formatted(layerDigest));
    byte[] manifest =
        text(
            """
            {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[\
            {"mediaType":"application/vnd.oci.image.layer.v1.tar","size":%d,"digest":"%s"}]}"""
                .formatted(
                    SampleImage.OCI_MANIFEST,
                    SampleImage.descriptor(SampleImage.OCI_CONFIG, config),
                    size,
                    layerDigest));
    Files.write(layout.resolve(blob(Digests.sha256(config))), config);
    Files.write(layout.resolve(blob(Digests.sha256(manifest))), manifest);
    Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    String descriptor = SampleImage.descriptor(SampleImage.OCI_MANIFEST, manifest);
    Files.writeString(
        layout.resolve("index.json"),
        """
        {"schemaVersion":2,"manifests":[%s,\
        "annotations":{"org.opencontainers.image.ref.name":"%s"}}]}"""
            .formatted(descriptor.substring(0, descriptor.length() - 1), TAG));
    return new BigLayer(layout, Digests.sha256(manifest), layerDigest);
  }

  /// Where a layout keeps a blob.
  static String blob(String digest) {
    return "blobs/" + digest.replace(':', '/');
  }

  private static Path tar(Path file, int mebibytes) throws IOException {
    var random = new SplittableRandom(mebibytes);
    byte[] piece = new byte[PIECE];
    try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(TarLayer.header("big", (long) mebibytes << 20));
      for (int i = 0; i < mebibytes; i++) {
        random.nextBytes(piece);
        out.write(piece);
      }
      out.write(new byte[1024]);
    }
    return file;
  }

  private static byte[] text(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
