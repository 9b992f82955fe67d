package dev.berth.server.registry;

import com.fasterxml.jackson.core.JsonToken;
import dev.berth.oci.Digest;
import dev.berth.server.registry.ParsedManifest.Reference;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the descriptors of a manifest.
final class DescriptorReader {
  private static final NavigableSet<String> FIELDS =
      ManifestJson.names(
          "mediaType", "digest", "size", "urls", "artifactType", "annotations", "platform", "data");
  private static final NavigableSet<String> FIELDS_OF_PLATFORM =
      ManifestJson.names("architecture", "os", "variant", "os.version", "os.features", "features");

  private final ManifestJson json;

  DescriptorReader(ManifestJson json) {
    this.json = json;
  }

  /// The descriptor that stands here; null for a JSON null.
  ///
  /// @param where the field that holds it, for messages
  /// @throws InvalidManifestException it is no descriptor
  @Nullable Reference read(String where) throws IOException {
    if (json.at(JsonToken.VALUE_NULL)) {
      return null;
    }
    if (!json.at(JsonToken.START_OBJECT)) {
      throw new InvalidManifestException("\"" + where + "\" must hold descriptors");
    }
    String type = "";
    String digest = "";
    long size = -1;
    List<String> urls = List.of();
    Optional<String> artifactType = Optional.empty();
    Map<String, String> annotations = Map.of();
    ManifestJson.Fields fields = json.fields(FIELDS);
    for (String field = fields.next(); field != null; field = fields.next()) {
      switch (field) {
        case "mediaType" -> type = json.text(field);
        case "digest" -> digest = json.text(field);
        case "size" -> size = json.integer();
        case "urls" -> urls = json.texts(field);
        case "artifactType" -> artifactType = Optional.of(json.text(field));
        case "annotations" -> annotations = json.annotations();
        case "platform" -> checkPlatform();
        default -> checkText(field);
      }
    }
    if (size < 0) {
      throw new InvalidManifestException("a descriptor in \"" + where + "\" has no valid size");
    }
    Digest parsed =
        Digest.tryParse(digest)
            .orElseThrow(
                () ->
                    new InvalidManifestException(
                        "a descriptor in \"" + where + "\" has no valid sha256 or sha512 digest"));
    return new Reference(type, parsed, size, urls, artifactType, annotations);
  }

  /// What it says is not needed here, but registry 2.8.2 cannot read a manifest in which it is of
  /// other types, and its collector stops at one.
  private void checkPlatform() throws IOException {
    if (!json.strict()) {
      json.skip();
      return;
    }
    if (!json.opens(JsonToken.START_OBJECT, "\"platform\" must be an object")) {
      return;
    }
    ManifestJson.Fields fields = json.fields(FIELDS_OF_PLATFORM);
    for (String field = fields.next(); field != null; field = fields.next()) {
      if (field.endsWith("features")) {
        List<String> _ = json.texts(field);
      } else {
        checkText(field);
      }
    }
  }

  private void checkText(String field) throws IOException {
    if (json.strict()) {
      String _ = json.text(field);
    } else {
      json.skip();
    }
  }
}
