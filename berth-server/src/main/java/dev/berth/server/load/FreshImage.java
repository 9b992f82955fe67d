package dev.berth.server.load;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// An image that no registry has seen.
///
/// @param blobs the layers, and the configuration last
record FreshImage(List<FreshBlob> blobs, FreshBlob manifest) {
  static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
  private static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
  private static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar";

  /// Makes one, always the same for the same state of `random`.
  static FreshImage make(LoadPlan plan, SplittableRandom random) {
    List<FreshBlob> layers = new ArrayList<>();
    for (int i = 0; i < plan.layers(); i++) {
      layers.add(FreshBlob.random(random.nextLong(), plan.size().bytes()));
    }
    String layerDigests =
        layers.stream().map(blob -> "\"" + blob.digest() + "\"").collect(Collectors.joining(","));
    FreshBlob config =
        text(
            "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},"
                + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":["
                + layerDigests
                + "]}}");
    FreshBlob manifest =
        text(
            "{\"schemaVersion\":2,\"mediaType\":\""
                + MANIFEST_TYPE
                + "\",\"config\":"
                + descriptor(CONFIG_TYPE, config)
                + ",\"layers\":["
                + layers.stream()
                    .map(layer -> descriptor(LAYER_TYPE, layer))
                    .collect(Collectors.joining(","))
                + "]}");
    layers.add(config);
    return new FreshImage(List.copyOf(layers), manifest);
  }

  private static FreshBlob text(String json) {
    return FreshBlob.of(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String descriptor(String type, FreshBlob blob) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(type, blob.digest(), blob.size());
  }
}
