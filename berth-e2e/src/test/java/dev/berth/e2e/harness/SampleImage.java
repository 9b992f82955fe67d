package dev.berth.e2e.harness;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// An image made on the spot: real tar layers of random files, so that no two are alike and every
/// engine can unpack them.
public record SampleImage(byte[] config, List<Layer> layers, Manifest manifest) {
  public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  public static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
  public static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
  public static final String DOCKER_MANIFEST =
      "application/vnd.docker.distribution.manifest.v2+json";
  public static final String DOCKER_LIST =
      "application/vnd.docker.distribution.manifest.list.v2+json";
  public static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
  public static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";

  /// The bytes of a manifest or index and the type they are pushed with.
  public record Manifest(String mediaType, byte[] bytes) {
    public String digest() {
      return Digests.sha256(bytes);
    }

    public String descriptor() {
      return SampleImage.descriptor(mediaType, bytes);
    }
  }

  /// A layer as it travels, and the digest of what is inside.
  public record Layer(byte[] compressed, String diffId) {}

  private record MediaTypes(String manifest, String config, String layer) {}

  private static final MediaTypes OCI = new MediaTypes(OCI_MANIFEST, OCI_CONFIG, OCI_LAYER);
  private static final MediaTypes DOCKER =
      new MediaTypes(DOCKER_MANIFEST, DOCKER_CONFIG, DOCKER_LAYER);

  /// An OCI image for `linux/<architecture>`.
  public static SampleImage oci(
      RandomGenerator random, String architecture, int layerCount, int layerBytes) {
    return make(random, architecture, layerCount, layerBytes, OCI);
  }

  /// A small OCI image for this test only.
  public static SampleImage small(RandomGenerator random) {
    return oci(random, "amd64", 1, 2_000);
  }

  /// A Docker schema 2 image for `linux/amd64`.
  public static SampleImage docker(RandomGenerator random, int layerCount, int layerBytes) {
    return make(random, "amd64", layerCount, layerBytes, DOCKER);
  }

  /// An OCI image for `linux/amd64` that runs busybox, with arguments.
  ///
  /// @param busybox a static executable for Linux
  public static SampleImage busybox(byte[] busybox, String... arguments) {
    String command =
        Stream.concat(Stream.of("/busybox"), Stream.of(arguments))
            .map(word -> '"' + word + '"')
            .collect(Collectors.joining(","));
    return assemble("amd64", List.of(TarLayer.of("busybox", busybox)), command, OCI);
  }

  /// An OCI index over images, whose `platform` is the one they were made for.
  public static Manifest index(List<SampleImage> images, List<String> architectures) {
    var entries = new ArrayList<String>();
    for (int i = 0; i < images.size(); i++) {
      String descriptor = images.get(i).manifest().descriptor();
      entries.add(
          descriptor.substring(0, descriptor.length() - 1)
              + ",\"platform\":{\"os\":\"linux\",\"architecture\":\"%s\"}}"
                  .formatted(architectures.get(i)));
    }
    return new Manifest(
        OCI_INDEX,
        text(
            "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
                .formatted(OCI_INDEX, String.join(",", entries))));
  }

  /// Config and layers: all that must be there before the manifest.
  public List<byte[]> blobs() {
    var blobs = new ArrayList<byte[]>();
    blobs.add(config);
    layers.forEach(layer -> blobs.add(layer.compressed()));
    return blobs;
  }

  public String digest() {
    return manifest.digest();
  }

  /// `{"mediaType":…,"size":…,"digest":…}`
  public static String descriptor(String mediaType, byte[] content) {
    return "{\"mediaType\":\"%s\",\"size\":%d,\"digest\":\"%s\"}"
        .formatted(mediaType, content.length, Digests.sha256(content));
  }

  private static SampleImage make(
      RandomGenerator random,
      String architecture,
      int layerCount,
      int layerBytes,
      MediaTypes types) {
    var layers = new ArrayList<Layer>();
    for (int i = 0; i < layerCount; i++) {
      layers.add(TarLayer.random(random, "file-" + i, layerBytes));
    }
    return assemble(architecture, layers, "\"/file-0\"", types);
  }

  private static SampleImage assemble(
      String architecture, List<Layer> layers, String command, MediaTypes types) {
    byte[] config =
        text(
            """
            {"architecture":"%s","os":"linux","created":"2026-01-01T00:00:00Z",\
            "config":{"Cmd":[%s]},"rootfs":{"type":"layers","diff_ids":[%s]}}"""
                .formatted(
                    architecture,
                    command,
                    layers.stream()
                        .map(layer -> '"' + layer.diffId() + '"')
                        .collect(Collectors.joining(","))));
    String descriptors =
        layers.stream()
            .map(layer -> descriptor(types.layer, layer.compressed()))
            .collect(Collectors.joining(","));
    byte[] manifest =
        text(
            "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
                .formatted(types.manifest, descriptor(types.config, config), descriptors));
    return new SampleImage(config, List.copyOf(layers), new Manifest(types.manifest, manifest));
  }

  private static byte[] text(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
