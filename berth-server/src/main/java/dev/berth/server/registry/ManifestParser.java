package dev.berth.server.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.berth.oci.Digest;
import dev.berth.oci.MediaType;
import dev.berth.oci.RepositoryName;
import dev.berth.server.registry.ParsedManifest.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads manifests and indexes of OCI and Docker, and other JSON objects that are built like them,
/// in one pass without building a tree, so that a hostile body costs no more memory than it has
/// bytes.
final class ManifestParser {
  private static final int MAX_NESTING = 64;
  private static final int MAX_DESCRIPTORS = 32_768;
  private static final long SCHEMA_VERSION = 2;

  private static final MediaType OPAQUE = new MediaType("application/octet-stream");

  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final List<Reference> blobs = new ArrayList<>();
  private final List<Reference> children = new ArrayList<>();
  private final Set<String> fields = new HashSet<>();
  private Map<String, String> annotations = Map.of();
  private @Nullable Reference config;
  private @Nullable Reference subject;
  private @Nullable String mediaType;
  private @Nullable String artifactType;
  private long schemaVersion = SCHEMA_VERSION;

  private ManifestParser() {}

  /// Reads a manifest.
  ///
  /// @param pushedAs the request's `Content-Type`; empty for bytes that were stored before
  /// @throws InvalidManifestException with a sentence for the client
  static ParsedManifest parse(byte[] bytes, Optional<MediaType> pushedAs) {
    ManifestParser parser = new ManifestParser();
    try (JsonParser json = JSON.createParser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new InvalidManifestException("a manifest must be a JSON object");
      }
      parser.readObject(json);
      if (json.nextToken() != null) {
        throw new InvalidManifestException("there is something after the manifest's last brace");
      }
    } catch (IOException e) {
      throw new InvalidManifestException("the manifest is not valid JSON: " + shortened(e), e);
    }
    return parser.result(pushedAs);
  }

  /// Reads bytes that a registry stored before. They are served whatever they are: schema 1 of old
  /// times, and what cannot be read at all, as plain bytes.
  static ParsedManifest parseStored(byte[] bytes) {
    ManifestParser parser = new ManifestParser();
    try (JsonParser json = JSON.createParser(bytes)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        parser.readObject(json);
      }
      return parser.schemaVersion == 1
          ? opaque(MediaType.DOCKER_SCHEMA1_SIGNED)
          : parser.result(Optional.empty());
    } catch (IOException | InvalidManifestException e) {
      return opaque(OPAQUE);
    }
  }

  private static ParsedManifest opaque(MediaType type) {
    return new ParsedManifest(
        type, List.of(), List.of(), Optional.empty(), Optional.empty(), Map.of());
  }

  private void readObject(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      fields.add(field);
      JsonToken value = json.nextToken();
      switch (field) {
        case "schemaVersion" -> schemaVersion = value.isNumeric() ? json.getLongValue() : 0;
        case "mediaType" -> mediaType = text(json, field);
        case "artifactType" -> artifactType = text(json, field);
        case "config" -> config = descriptor(json, field);
        case "subject" -> subject = descriptor(json, field);
        case "layers", "blobs" -> readArray(json, field, blobs);
        case "manifests" -> readArray(json, field, children);
        case "annotations" -> annotations = readAnnotations(json);
        default -> json.skipChildren();
      }
    }
  }

  private ParsedManifest result(Optional<MediaType> pushedAs) {
    refuseSchema1(pushedAs);
    refuseAmbiguity();
    MediaType type = type(pushedAs);
    if (config != null) {
      blobs.addFirst(config);
    }
    Optional<String> ownType =
        Optional.ofNullable(artifactType)
            .filter(text -> !text.isEmpty())
            .or(() -> Optional.ofNullable(config).map(Reference::mediaType));
    return new ParsedManifest(
        type,
        List.copyOf(blobs),
        List.copyOf(children),
        Optional.ofNullable(subject),
        ownType,
        annotations);
  }

  private void refuseSchema1(Optional<MediaType> pushedAs) {
    boolean named =
        pushedAs.filter(MediaType.DOCKER_SCHEMA1::equals).isPresent()
            || pushedAs.filter(MediaType.DOCKER_SCHEMA1_SIGNED::equals).isPresent();
    if (named || schemaVersion == 1) {
      throw new InvalidManifestException(
          "Docker schema 1 manifests are not supported: push with a client of 2017 or later"
              + " (Docker schema 2 or OCI)");
    }
    if (schemaVersion != SCHEMA_VERSION) {
      throw new InvalidManifestException("schemaVersion must be 2");
    }
  }

  /// A document that is both would mean one thing to this registry and another to some client
  /// (GHSA-77vh-xpmg-72qh).
  private void refuseAmbiguity() {
    if (fields.contains("manifests") && (fields.contains("layers") || fields.contains("config"))) {
      throw new InvalidManifestException(
          "a manifest has either \"manifests\" (an index) or \"config\" and \"layers\" (an image),"
              + " not both");
    }
  }

  private MediaType type(Optional<MediaType> pushedAs) {
    Optional<MediaType> written = written();
    if (written.isPresent() && pushedAs.isPresent() && !written.equals(pushedAs)) {
      throw new InvalidManifestException(
          "Content-Type is "
              + pushedAs.get()
              + " but the manifest's mediaType is "
              + written.get()
              + ": they must be the same");
    }
    Optional<MediaType> guessed = guessed();
    if (written.isEmpty() && pushedAs.isPresent() && !pushedAs.equals(guessed)) {
      // The store keeps only the bytes, so the type must be in them or follow from them.
      throw new InvalidManifestException(
          "a manifest pushed as " + pushedAs.get() + " must say so in its mediaType field");
    }
    MediaType type =
        written
            .or(() -> guessed)
            .orElseThrow(
                () ->
                    new InvalidManifestException(
                        "the manifest has no mediaType, and neither layers nor manifests to guess"
                            + " it from"));
    checkShape(type);
    return type;
  }

  private void checkShape(MediaType type) {
    boolean index = type.equals(MediaType.OCI_INDEX) || type.equals(MediaType.DOCKER_LIST);
    if (index && (fields.contains("layers") || fields.contains("config"))) {
      throw new InvalidManifestException(
          "an index has \"manifests\", not \"layers\" or \"config\"");
    }
    boolean image = type.equals(MediaType.OCI_MANIFEST) || type.equals(MediaType.DOCKER_MANIFEST);
    if (image && fields.contains("manifests")) {
      throw new InvalidManifestException("an image manifest has \"layers\", not \"manifests\"");
    }
    if (image && config == null) {
      throw new InvalidManifestException("an image manifest must have a config");
    }
  }

  private Optional<MediaType> written() {
    if (mediaType == null || mediaType.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        MediaType.tryParse(mediaType)
            .filter(type -> type.value().equals(mediaType))
            .orElseThrow(
                () -> new InvalidManifestException("the mediaType field holds no media type")));
  }

  private Optional<MediaType> guessed() {
    if (fields.contains("manifests")) {
      return Optional.of(MediaType.OCI_INDEX);
    }
    return fields.contains("layers") || fields.contains("config")
        ? Optional.of(MediaType.OCI_MANIFEST)
        : Optional.empty();
  }

  private void readArray(JsonParser json, String field, List<Reference> target) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw new InvalidManifestException("\"" + field + "\" must be an array of descriptors");
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      Reference reference = descriptor(json, field);
      if (reference == null) {
        throw new InvalidManifestException(
            "\"" + field + "\" holds something that is no descriptor");
      }
      if (target.size() >= MAX_DESCRIPTORS) {
        throw new InvalidManifestException(
            "\"" + field + "\" holds more than " + MAX_DESCRIPTORS + " descriptors");
      }
      target.add(reference);
    }
  }

  /// Null for a JSON null.
  private static @Nullable Reference descriptor(JsonParser json, String where) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new InvalidManifestException("\"" + where + "\" must hold descriptors");
    }
    String type = "";
    String digest = "";
    long size = -1;
    List<String> urls = List.of();
    Optional<String> artifactType = Optional.empty();
    Map<String, String> annotations = Map.of();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "mediaType" -> type = text(json, field);
        case "digest" -> digest = text(json, field);
        case "size" -> size = value == JsonToken.VALUE_NUMBER_INT ? json.getLongValue() : -1;
        case "urls" -> urls = readUrls(json);
        case "artifactType" -> artifactType = Optional.of(text(json, field));
        case "annotations" -> annotations = readAnnotations(json);
        default -> json.skipChildren();
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

  private static List<String> readUrls(JsonParser json) throws IOException {
    List<String> urls = new ArrayList<>();
    if (json.currentToken() == JsonToken.START_ARRAY) {
      while (json.nextToken() != JsonToken.END_ARRAY) {
        urls.add(text(json, "urls"));
      }
    }
    return List.copyOf(urls);
  }

  private static Map<String, String> readAnnotations(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return Map.of();
    }
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new InvalidManifestException("\"annotations\" must be an object of strings");
    }
    Map<String, String> result = new TreeMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      result.put(name, text(json, "annotations"));
    }
    return result;
  }

  private static String text(JsonParser json, String field) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_STRING -> json.getText();
      case VALUE_NULL -> "";
      default -> throw new InvalidManifestException("\"" + field + "\" must hold text");
    };
  }

  private static String shortened(IOException e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    String line = end < 0 ? message : message.substring(0, end);
    return line.substring(0, Math.min(line.length(), RepositoryName.MAX_LENGTH));
  }
}
