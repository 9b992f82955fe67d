package dev.berth.server.registry;

import dev.berth.oci.MediaType;
import dev.berth.server.registry.ParsedManifest.Reference;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides what kind of manifest an object is, from what it says of itself and the fields it has.
///
/// @param strict whether it is pushed; what is stored is taken as it is
/// @param config null where there is none that could be read
record ManifestType(boolean strict, ManifestJson.Fields fields, @Nullable Reference config) {
  /// The type to serve it with.
  ///
  /// @param mediaType as the manifest has it
  /// @param pushedAs the request's `Content-Type`
  /// @throws InvalidManifestException with a sentence for the client
  MediaType of(@Nullable String mediaType, Optional<MediaType> pushedAs) {
    refuseAmbiguity();
    Optional<MediaType> written = written(mediaType);
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

  /// A document that is both would mean one thing to this registry and another to some client
  /// (GHSA-77vh-xpmg-72qh).
  private void refuseAmbiguity() {
    if (fields.has("manifests") && (fields.has("layers") || fields.has("config"))) {
      throw new InvalidManifestException(
          "a manifest has either \"manifests\" (an index) or \"config\" and \"layers\" (an image),"
              + " not both");
    }
  }

  private void checkShape(MediaType type) {
    if (strict && !type.value().startsWith("application/")) {
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
    if (image && (strict ? config == null : !fields.has("config"))) {
      throw new InvalidManifestException("an image manifest must have a config");
    }
  }

  private static Optional<MediaType> written(@Nullable String mediaType) {
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
}
