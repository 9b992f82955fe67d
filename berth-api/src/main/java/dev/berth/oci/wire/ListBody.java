package dev.berth.oci.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.berth.oci.Descriptor;
import dev.berth.oci.MediaType;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The bodies of listings, in JSON with a line feed at the end.
public final class ListBody {
  private static final byte[] REFERRERS_START =
      ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.OCI_INDEX.value() + "\",\"manifests\":[")
          .getBytes(StandardCharsets.US_ASCII);
  private static final byte[] REFERRERS_END = "]}\n".getBytes(StandardCharsets.US_ASCII);

  private ListBody() {}

  /// `{"name":"…","tags":["…"]}` (end-8). An empty list is `[]`, where registry 2.8.2 writes
  /// `null`.
  public static byte[] tags(RepositoryName repository, List<Tag> tags) {
    return Json.bytes(
        sizeOf(repository, tags),
        json -> {
          json.writeStartObject();
          json.writeStringField("name", repository.value());
          json.writeArrayFieldStart("tags");
          for (Tag tag : tags) {
            json.writeString(tag.value());
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /// How many bytes [#tags] has: neither names nor tags have characters that JSON escapes.
  public static int sizeOf(RepositoryName repository, List<Tag> tags) {
    int size = "{\"name\":\"\",\"tags\":[]}\n".length() + repository.value().length();
    for (Tag tag : tags) {
      size += tag.value().length() + "\"\",".length();
    }
    return tags.isEmpty() ? size : size - 1;
  }

  /// `{"repositories":["…"]}`, the catalog of registry 2.8.2.
  public static byte[] repositories(List<RepositoryName> repositories) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("repositories");
          for (RepositoryName repository : repositories) {
            json.writeString(repository.value());
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /// An image index of the referrers (end-12); its media type is [MediaType#OCI_INDEX].
  ///
  /// @param referrers each as [#referrer] gives it
  public static byte[] referrers(Collection<byte[]> referrers) {
    int size = REFERRERS_START.length + REFERRERS_END.length + Math.max(0, referrers.size() - 1);
    for (byte[] referrer : referrers) {
      size += referrer.length;
    }
    ByteBuffer body = ByteBuffer.allocate(size).put(REFERRERS_START);
    boolean first = true;
    for (byte[] referrer : referrers) {
      if (!first) {
        body.put((byte) ',');
      }
      first = false;
      body.put(referrer);
    }
    return body.put(REFERRERS_END).array();
  }

  /// One of the descriptors in [#referrers].
  public static byte[] referrer(Descriptor referrer) {
    byte[] line = Json.bytes(json -> descriptor(json, referrer));
    return Arrays.copyOf(line, line.length - 1);
  }

  private static void descriptor(JsonGenerator json, Descriptor referrer) throws IOException {
    json.writeStartObject();
    json.writeStringField("mediaType", referrer.mediaType());
    json.writeStringField("digest", referrer.digest().toString());
    json.writeNumberField("size", referrer.size());
    if (!referrer.annotations().isEmpty()) {
      json.writeObjectFieldStart("annotations");
      for (Map.Entry<String, String> entry : new TreeMap<>(referrer.annotations()).entrySet()) {
        json.writeStringField(entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
    }
    if (referrer.artifactType().isPresent()) {
      json.writeStringField("artifactType", referrer.artifactType().get());
    }
    json.writeEndObject();
  }
}
