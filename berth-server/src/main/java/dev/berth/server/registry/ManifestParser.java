package dev.berth.server.registry;

import com.fasterxml.jackson.core.JsonToken;
import dev.berth.oci.Digest;
import dev.berth.oci.MediaType;
import dev.berth.oci.RepositoryName;
import dev.berth.server.registry.ParsedManifest.Reference;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads manifests and indexes of OCI and Docker, and other JSON objects that are built like them,
/// in one pass without building a tree, so that a hostile body costs no more memory than it has
/// bytes.
final class ManifestParser {
  private static final int MAX_DESCRIPTORS = 4096;

  /// More than fit into 4 MiB with sensible media types, for what older registries took.
  private static final int MAX_STORED_DESCRIPTORS = 32_768;

  private static final long SCHEMA_VERSION = 2;

  private static final MediaType OPAQUE = new MediaType("application/octet-stream");

  private static final NavigableSet<String> FIELDS =
      ManifestJson.names(
          "schemaVersion",
          "mediaType",
          "artifactType",
          "config",
          "subject",
          "layers",
          "blobs",
          "manifests",
          "annotations",
          "fsLayers");
  private static final NavigableSet<String> FIELDS_OF_LAYER = ManifestJson.names("blobSum");

  /// Of the release candidates of OCI 1.1: the one kind that has no `schemaVersion`.
  private static final String ARTIFACT = "application/vnd.oci.artifact.manifest.v1+json";

  private final List<Reference> blobs = new ArrayList<>();
  private final List<Reference> children = new ArrayList<>();
  private final List<Reference> fsLayers = new ArrayList<>();
  private final ManifestJson json;
  private final DescriptorReader descriptors;
  private final ManifestJson.Fields fields;
  private Map<String, String> annotations = Map.of();
  private @Nullable Reference config;
  private @Nullable Reference subject;
  private @Nullable String mediaType;
  private @Nullable String artifactType;
  private long schemaVersion;

  private ManifestParser(ManifestJson json) {
    this.json = json;
    this.descriptors = new DescriptorReader(json);
    this.fields = json.fields(FIELDS);
    // Registry 2.8.2 reads no manifest without it, and its collector stops at one.
    this.schemaVersion = json.strict() ? 0 : SCHEMA_VERSION;
  }

  /// Reads a manifest.
  ///
  /// @param pushedAs the request's `Content-Type`; empty for bytes that were stored before
  /// @throws InvalidManifestException with a sentence for the client
  static ParsedManifest parse(byte[] bytes, Optional<MediaType> pushedAs) {
    try (ManifestJson json = ManifestJson.of(bytes, true)) {
      if (json.next() != JsonToken.START_OBJECT) {
        throw new InvalidManifestException("a manifest must be a JSON object");
      }
      var parser = new ManifestParser(json);
      parser.readObject();
      if (json.next() != null) {
        throw new InvalidManifestException("there is something after the manifest's last brace");
      }
      return parser.result(pushedAs);
    } catch (CharacterCodingException e) {
      throw new InvalidManifestException("the manifest is not valid UTF-8", e);
    } catch (IOException e) {
      throw new InvalidManifestException("the manifest is not valid JSON: " + shortened(e), e);
    }
  }

  /// Reads bytes that a registry stored before. They are served whatever they are: schema 1 of old
  /// times, and what cannot be read at all, as plain bytes.
  static ParsedManifest parseStored(byte[] bytes) {
    try (ManifestJson json = ManifestJson.of(bytes, false)) {
      if (json.next() != JsonToken.START_OBJECT) {
        return opaque(OPAQUE, List.of());
      }
      var parser = new ManifestParser(json);
      parser.readObject();
      return parser.schemaVersion == 1
          ? opaque(MediaType.DOCKER_SCHEMA1_SIGNED, List.copyOf(parser.fsLayers))
          : parser.result(Optional.empty());
    } catch (IOException | InvalidManifestException e) {
      return opaque(OPAQUE, List.of());
    }
  }

  private static ParsedManifest opaque(MediaType type, List<Reference> blobs) {
    return new ParsedManifest(type, blobs, List.of(), Optional.empty(), Optional.empty(), Map.of());
  }

  private void readObject() throws IOException {
    for (String field = fields.next(); field != null; field = fields.next()) {
      switch (field) {
        case "schemaVersion" -> schemaVersion = json.integer();
        case "mediaType" -> mediaType = json.text(field);
        case "artifactType" -> artifactType = json.text(field);
        case "config" -> config = descriptors.read(field);
        case "subject" -> subject = descriptors.read(field);
        case "layers", "blobs" -> readArray(field, blobs);
        case "manifests" -> readArray(field, children);
        case "annotations" -> annotations = json.annotations();
        case "fsLayers" -> readFsLayers();
        default -> json.skip();
      }
    }
  }

  /// The layers of schema 1, with their digests alone; what is no layer is passed over. In what is
  /// pushed they mean nothing.
  private void readFsLayers() throws IOException {
    if (json.strict() || !json.opens(JsonToken.START_ARRAY, "")) {
      json.skip();
      return;
    }
    while (json.next() != JsonToken.END_ARRAY) {
      if (!json.opens(JsonToken.START_OBJECT, "")) {
        continue;
      }
      ManifestJson.Fields ofLayer = json.fields(FIELDS_OF_LAYER);
      while (ofLayer.next() != null) {
        if (json.at(JsonToken.VALUE_STRING)) {
          Digest.tryParse(json.text("blobSum")).map(ManifestParser::layer).ifPresent(fsLayers::add);
        } else {
          json.skip();
        }
      }
    }
  }

  private static Reference layer(Digest digest) {
    return new Reference("", digest, 0, List.of(), Optional.empty(), Map.of());
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
    boolean needless = ARTIFACT.equals(mediaType) && !fields.has("schemaVersion");
    if (schemaVersion != SCHEMA_VERSION && !needless) {
      throw new InvalidManifestException("schemaVersion must be 2");
    }
  }

  /// A document that is both would mean one thing to this registry and another to some client
  /// (GHSA-77vh-xpmg-72qh).
  private void refuseAmbiguity() {
    if (fields.has("manifests") && (fields.has("layers") || fields.has("config"))) {
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
    if (json.strict() && !type.value().startsWith("application/")) {
      // A browser would show or run what is pushed as text/html.
      throw new InvalidManifestException("a manifest's media type must begin with application/");
    }
    boolean index = type.equals(MediaType.OCI_INDEX) || type.equals(MediaType.DOCKER_LIST);
    if (index && (fields.has("layers") || fields.has("config"))) {
      throw new InvalidManifestException(
          "an index has \"manifests\", not \"layers\" or \"config\"");
    }
    boolean image = type.equals(MediaType.OCI_MANIFEST) || type.equals(MediaType.DOCKER_MANIFEST);
    if (image && fields.has("manifests")) {
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
    if (fields.has("manifests")) {
      return Optional.of(MediaType.OCI_INDEX);
    }
    return fields.has("layers") || fields.has("config")
        ? Optional.of(MediaType.OCI_MANIFEST)
        : Optional.empty();
  }

  private void readArray(String field, List<Reference> target) throws IOException {
    if (json.at(JsonToken.VALUE_NULL)) {
      return;
    }
    if (!json.at(JsonToken.START_ARRAY)) {
      throw new InvalidManifestException("\"" + field + "\" must be an array of descriptors");
    }
    int max = json.strict() ? MAX_DESCRIPTORS : MAX_STORED_DESCRIPTORS;
    while (json.next() != JsonToken.END_ARRAY) {
      Reference reference = descriptors.read(field);
      if (reference == null) {
        throw new InvalidManifestException(
            "\"" + field + "\" holds something that is no descriptor");
      }
      if (target.size() >= max) {
        throw new InvalidManifestException(
            "\"" + field + "\" holds more than " + max + " descriptors");
      }
      target.add(reference);
    }
  }

  private static String shortened(IOException e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    String line = end < 0 ? message : message.substring(0, end);
    return line.substring(0, Math.min(line.length(), RepositoryName.MAX_LENGTH));
  }
}
