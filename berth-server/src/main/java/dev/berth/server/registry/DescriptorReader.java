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

  /// The descriptor that stands here; null for a JSON null, and for anything else that is none in
  /// what is stored.
  ///
  /// @param where the field that holds it, for messages
  /// @throws InvalidManifestException it is no descriptor, in what is pushed
  @Nullable Reference read(String where) throws IOException {
    if (!json.opens(JsonToken.START_OBJECT, "\"" + where + "\" must hold descriptors")) {
      return null;
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
        case "mediaType" -> type = type(field);
        case "digest" -> digest = json.text(field);
        case "size" -> size = json.integer();
        case "urls" -> urls = json.urls();
        case "artifactType" -> artifactType = Optional.of(type(field));
        case "annotations" -> annotations = json.annotations();
        case "platform" -> checkPlatform();
        default -> json.passOver(field);
      }
    }
    Optional<Digest> parsed = Digest.tryParse(digest);
    if (size >= 0 && parsed.isPresent()) {
      return new Reference(type, parsed.get(), size, urls, artifactType, annotations);
    }
    if (!json.strict()) {
      return null;
    }
    throw new InvalidManifestException(
        "a descriptor in \""
            + where
            + (size < 0 ? "\" has no valid size" : "\" has no valid sha256 or sha512 digest"));
  }

  private String type(String field) throws IOException {
    if (json.use().wantsTypes()) {
      return json.text(field);
    }
    json.passOver(field);
    return "";
  }

  /// What it says is not needed here, but registry 2.8.2 cannot read a manifest in which it is of
  /// other types, and its collector stops at one.
  private void checkPlatform() throws IOException {
    if (!json.opens(JsonToken.START_OBJECT, "\"platform\" must be an object")) {
      return;
    }
    ManifestJson.Fields fields = json.fields(FIELDS_OF_PLATFORM);
    for (String field = fields.next(); field != null; field = fields.next()) {
      if (field.endsWith("features")) {
        json.passOverTexts(field);
      } else {
        json.passOver(field);
      }
    }
  }
}
