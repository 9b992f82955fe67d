package dev.berth.server.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.berth.oci.Digest;
import dev.berth.oci.MediaType;
import dev.berth.oci.RepositoryName;
import dev.berth.server.registry.ParsedManifest.Reference;
import dev.berth.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads manifests and indexes of OCI and Docker, and other JSON objects that are built like them,
/// in one pass without building a tree. Of a pushed one its descriptors are kept, 8,192 at most; of
/// a stored one nothing that has no bound of its own, however large it is.
final class ManifestParser {
  private static final int MAX_DESCRIPTORS = 4096;

  private static final long SCHEMA_VERSION = 2;

  private static final ParsedManifest OPAQUE = opaque(new MediaType("application/octet-stream"));

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

  private final ManifestJson json;
  private final DescriptorReader descriptors;
  private final ManifestJson.Fields fields;
  private Map<String, String> annotations = Map.of();
  private @Nullable Reference config;
  private @Nullable Reference subject;
  private @Nullable String mediaType;
  private @Nullable String artifactType;
  private long schemaVersion;

  /// Where descriptors go; null where nobody wants them.
  private final @Nullable Consumer<Reference> onBlob;

  private final @Nullable Consumer<Reference> onChild;

  private ManifestParser(
      ManifestJson json,
      @Nullable Consumer<Reference> onBlob,
      @Nullable Consumer<Reference> onChild) {
    this.json = json;
    this.onBlob = onBlob;
    this.onChild = onChild;
    this.descriptors = new DescriptorReader(json);
    this.fields = json.fields(FIELDS);
    // Registry 2.8.2 reads no manifest without it, and its collector stops at one.
    this.schemaVersion = json.strict() ? 0 : SCHEMA_VERSION;
  }

  /// Reads a manifest.
  ///
  /// @param pushedAs the request's `Content-Type`
  /// @throws InvalidManifestException with a sentence for the client
  static ParsedManifest parse(byte[] bytes, Optional<MediaType> pushedAs) {
    List<Reference> blobs = new ArrayList<>();
    List<Reference> children = new ArrayList<>();
    try (ManifestJson json = ManifestJson.ofPush(bytes)) {
      if (json.next() != JsonToken.START_OBJECT) {
        throw new InvalidManifestException("a manifest must be a JSON object");
      }
      var parser = new ManifestParser(json, blobs::add, children::add);
      parser.readObject();
      if (json.next() != null) {
        throw new InvalidManifestException("there is something after the manifest's last brace");
      }
      return parser.result(pushedAs, blobs, children);
    } catch (CharacterCodingException e) {
      throw new InvalidManifestException("the manifest is not valid UTF-8", e);
    } catch (IOException e) {
      throw new InvalidManifestException("the manifest is not valid JSON: " + shortened(e), e);
    }
  }

  /// Reads what a stored manifest says of itself. It is served whatever it is: schema 1 of old
  /// times, and what cannot be read at all, as plain bytes.
  static ParsedManifest readStored(InputStream bytes) {
    return readStored(bytes, ManifestJson.Use.STORED, null, null).orElse(OPAQUE);
  }

  /// Shows the descriptors of layers and configuration of a stored manifest, as far as it can be
  /// read.
  static void visitBlobs(InputStream bytes, Consumer<Reference> visitor) {
    Optional<ParsedManifest> _ = readStored(bytes, ManifestJson.Use.STORED, visitor, null);
  }

  /// Reads how a list shows a stored manifest, and shows the manifests that it lists itself, as far
  /// as it can be read.
  ///
  /// @param use for lists, with annotations or without
  /// @return empty where a text is too large to be shown
  static Optional<ParsedManifest> readForList(
      InputStream bytes, ManifestJson.Use use, Consumer<Reference> children) {
    return readStored(bytes, use, null, children);
  }

  private static Optional<ParsedManifest> readStored(
      InputStream bytes,
      ManifestJson.Use use,
      @Nullable Consumer<Reference> onBlob,
      @Nullable Consumer<Reference> onChild) {
    try (ManifestJson json = ManifestJson.ofStored(bytes, use)) {
      return Optional.of(readStored(json, onBlob, onChild));
    } catch (StreamConstraintsException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.of(OPAQUE);
    } catch (IOException e) {
      throw new StorageException.Broken("cannot read a manifest: " + e.getMessage(), e);
    }
  }

  private static ParsedManifest readStored(
      ManifestJson json,
      @Nullable Consumer<Reference> onBlob,
      @Nullable Consumer<Reference> onChild)
      throws IOException {
    if (json.next() != JsonToken.START_OBJECT) {
      return OPAQUE;
    }
    var parser = new ManifestParser(json, onBlob, onChild);
    parser.readObject();
    try {
      return parser.schemaVersion == 1
          ? opaque(MediaType.DOCKER_SCHEMA1_SIGNED)
          : parser.result(Optional.empty(), List.of(), List.of());
    } catch (InvalidManifestException e) {
      return OPAQUE;
    }
  }

  private static ParsedManifest opaque(MediaType type) {
    return new ParsedManifest(
        type, List.of(), List.of(), Optional.empty(), Optional.empty(), Map.of());
  }

  private void readObject() throws IOException {
    for (String field = fields.next(); field != null; field = fields.next()) {
      switch (field) {
        case "schemaVersion" -> schemaVersion = json.integer();
        case "mediaType" -> mediaType = json.text(field);
        case "artifactType" -> artifactType = artifactType();
        case "config" -> readConfig(field);
        case "subject" -> subject = descriptors.read(field);
        case "layers", "blobs" -> readArray(field, onBlob);
        case "manifests" -> readArray(field, onChild);
        case "annotations" -> annotations = json.annotations();
        case "fsLayers" -> readFsLayers();
        default -> json.skip();
      }
    }
  }

  private @Nullable String artifactType() throws IOException {
    if (json.use().wantsTypes()) {
      return json.text("artifactType");
    }
    json.passOver("artifactType");
    return null;
  }

  private void readConfig(String field) throws IOException {
    config = descriptors.read(field);
    if (config != null && onBlob != null && !json.strict()) {
      onBlob.accept(config);
    }
  }

  /// The layers of schema 1, with their digests alone; what is no layer is passed over. In what is
  /// pushed they mean nothing.
  private void readFsLayers() throws IOException {
    if (onBlob == null || json.strict() || !json.opens(JsonToken.START_ARRAY, "")) {
      json.skip();
      return;
    }
    while (json.next() != JsonToken.END_ARRAY) {
      if (!json.opens(JsonToken.START_OBJECT, "")) {
        continue;
      }
      ManifestJson.Fields ofLayer = json.fields(FIELDS_OF_LAYER);
      while (ofLayer.next() != null) {
        Digest.tryParse(json.text("blobSum")).map(ManifestParser::layer).ifPresent(onBlob);
      }
    }
  }

  private static Reference layer(Digest digest) {
    return new Reference("", digest, 0, List.of(), Optional.empty(), Map.of());
  }

  private ParsedManifest result(
      Optional<MediaType> pushedAs, List<Reference> blobs, List<Reference> children) {
    refuseSchema1(pushedAs);
    MediaType type = new ManifestType(json.strict(), fields, config).of(mediaType, pushedAs);
    List<Reference> all = new ArrayList<>(blobs.size() + 1);
    if (config != null && json.strict()) {
      all.add(config);
    }
    all.addAll(blobs);
    Optional<String> ownType =
        Optional.ofNullable(artifactType)
            .filter(text -> !text.isEmpty())
            .or(() -> Optional.ofNullable(config).map(Reference::mediaType))
            .filter(text -> !text.isEmpty());
    return new ParsedManifest(
        type,
        all,
        children,
        Optional.ofNullable(subject).map(Reference::digest),
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

  private void readArray(String field, @Nullable Consumer<Reference> target) throws IOException {
    if (target == null
        || !json.opens(
            JsonToken.START_ARRAY, "\"" + field + "\" must be an array of descriptors")) {
      json.skip();
      return;
    }
    int count = 0;
    while (json.next() != JsonToken.END_ARRAY) {
      Reference reference = descriptors.read(field);
      if (json.strict()) {
        refuse(field, reference, ++count);
      }
      if (reference != null) {
        target.accept(reference);
      }
    }
  }

  private static void refuse(String field, @Nullable Reference reference, int count) {
    if (reference == null) {
      throw new InvalidManifestException("\"" + field + "\" holds something that is no descriptor");
    }
    if (count > MAX_DESCRIPTORS) {
      throw new InvalidManifestException(
          "\"" + field + "\" holds more than " + MAX_DESCRIPTORS + " descriptors");
    }
  }

  private static String shortened(IOException e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    String line = end < 0 ? message : message.substring(0, end);
    return line.substring(0, Math.min(line.length(), RepositoryName.MAX_LENGTH));
  }
}
