package dev.berth.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An OCI image layout on disk, the form in which clients take images from a file system.
public final class OciLayout {
  private final Path folder;
  private final List<String> entries = new ArrayList<>();

  private OciLayout(Path folder) {
    this.folder = folder;
  }

  public static OciLayout in(Path folder) {
    var layout = new OciLayout(folder);
    layout.write(
        "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
    return layout;
  }

  public Path folder() {
    return folder;
  }

  /// Adds an image under a name that clients use as its tag.
  public OciLayout add(String name, SampleImage image) {
    addContent(image);
    return list(name, image.manifest());
  }

  /// Adds an index with its images.
  public OciLayout add(String name, SampleImage.Manifest index, List<SampleImage> images) {
    images.forEach(this::addContent);
    return list(name, index);
  }

  private void addContent(SampleImage image) {
    image.blobs().forEach(this::blob);
    blob(image.manifest().bytes());
  }

  private OciLayout list(String name, SampleImage.Manifest manifest) {
    blob(manifest.bytes());
    String descriptor = manifest.descriptor();
    entries.add(
        descriptor.substring(0, descriptor.length() - 1)
            + ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"%s\"}}".formatted(name));
    String index =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
            .formatted(SampleImage.OCI_INDEX, String.join(",", entries));
    write("index.json", index.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  private void blob(byte[] content) {
    write("blobs/" + Digests.sha256(content).replace(':', '/'), content);
  }

  private void write(String name, byte[] content) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
