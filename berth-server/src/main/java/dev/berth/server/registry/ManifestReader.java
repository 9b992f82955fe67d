package dev.berth.server.registry;

import dev.berth.oci.Descriptor;
import dev.berth.oci.Digest;
import dev.berth.oci.RepositoryName;
import dev.berth.server.registry.ParsedManifest.Reference;
import dev.berth.server.store.Digests;
import dev.berth.server.store.Store;
import dev.berth.storage.StorageReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads manifests, through the cache. Only small ones are ever in memory; large ones pass through
/// a buffer.
final class ManifestReader {
  private static final System.Logger LOG = System.getLogger(ManifestReader.class.getName());

  /// Larger than any manifest that 2.8.2 or Berth by default takes: what is larger is none, and is
  /// not read at each request.
  private static final int MAX_BYTES = 16 * 1024 * 1024;

  private final Store store;
  private final ManifestCache cache;

  /// Large manifests that are read for lists: each takes as much time as some hundred requests.
  private final OneAtATime large = new OneAtATime("too many lists of large manifests at one time");

  ManifestReader(Store store, ManifestCache cache) {
    this.store = store;
    this.cache = cache;
  }

  /// The manifest with these bytes, whether or not a repository has it, with the bytes themselves
  /// if they are few; empty where the bytes are missing or are not what their name says.
  Optional<StoredManifest> read(Digest sha256) {
    Optional<StoredManifest> known = cache.find(sha256);
    boolean enough =
        known.filter(manifest -> !isSmall(manifest.size()) || manifest.bytes() != null).isPresent();
    return enough ? known : load(sha256, true);
  }

  /// Whether the manifest's file, which is to be sent as it is, still has the manifest's bytes:
  /// looked at once for each version of the file.
  boolean isStillIntact(Digest sha256, StoredManifest manifest) {
    Object version = store.blobs().version(sha256);
    if (version != null && version.equals(manifest.version())) {
      return true;
    }
    if (!store.blobs().isIntact(sha256)) {
      LOG.log(Level.ERROR, "damaged manifest: its bytes have another digest digest={0}", sha256);
      return false;
    }
    cache.remember(sha256, manifest.at(version));
    return true;
  }

  /// As [#read], and only if the repository has the manifest now.
  Optional<StoredManifest> read(RepositoryName repository, Digest sha256) {
    return store.manifests().has(repository, sha256) ? read(sha256) : Optional.empty();
  }

  /// As [#read], for callers that go through many manifests and do not want their bytes.
  Optional<StoredManifest> facts(Digest sha256) {
    Optional<StoredManifest> known = cache.find(sha256);
    return known.isPresent() ? known : load(sha256, false);
  }

  /// Shows what the repository's manifest needs of layers and configuration, as far as that can be
  /// read; read anew, for rare callers.
  void visitBlobs(RepositoryName repository, Digest sha256, Consumer<Reference> visitor) {
    if (store.manifests().has(repository, sha256)) {
      Optional<Boolean> _ =
          readBytes(
              sha256,
              bytes -> {
                ManifestParser.visitBlobs(bytes, visitor);
                return true;
              });
    }
  }

  /// How a list of referrers shows the manifest; read anew, unless it is short.
  ///
  /// @throws RegistryException UNAVAILABLE: too many large ones are being read
  Optional<Descriptor> describe(Digest sha256, StoredManifest manifest) {
    Descriptor known = manifest.listed();
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Descriptor> listed =
        isSmall(manifest.size())
            ? readDescription(sha256, manifest)
            : large.alone(() -> readDescription(sha256, manifest));
    listed.ifPresent(descriptor -> cache.remember(sha256, manifest.with(descriptor)));
    return listed;
  }

  private Optional<Descriptor> readDescription(Digest sha256, StoredManifest manifest) {
    return readForList(sha256, _ -> {})
        .map(
            parsed ->
                new Descriptor(
                    parsed.mediaType().value(),
                    sha256,
                    manifest.size(),
                    parsed.artifactType(),
                    parsed.annotations()));
  }

  /// Shows the manifests that an index lists, with what it says of them; read anew. One may be
  /// shown twice.
  void visitChildren(Digest index, Consumer<Reference> visitor) {
    boolean small = facts(index).filter(manifest -> isSmall(manifest.size())).isPresent();
    Optional<ParsedManifest> _ =
        small ? readForList(index, visitor) : large.alone(() -> readForList(index, visitor));
  }

  /// Annotations are left out where one is too large to be in a list.
  private Optional<ParsedManifest> readForList(Digest sha256, Consumer<Reference> children) {
    Optional<ParsedManifest> full = readForList(sha256, ManifestJson.Use.LIST, children);
    return full.isPresent() ? full : readForList(sha256, ManifestJson.Use.LIST_TYPES, children);
  }

  private Optional<ParsedManifest> readForList(
      Digest sha256, ManifestJson.Use use, Consumer<Reference> children) {
    return readBytes(sha256, bytes -> ManifestParser.readForList(bytes, use, children))
        .flatMap(Function.identity());
  }

  private Optional<StoredManifest> load(Digest sha256, boolean withBytes) {
    Optional<StoredManifest> found = load(sha256);
    found
        .map(manifest -> withBytes ? manifest : manifest.withoutBytes())
        .ifPresent(manifest -> cache.remember(sha256, manifest));
    return found;
  }

  private Optional<StoredManifest> load(Digest sha256) {
    Optional<StorageReader> opened = store.blobs().open(sha256);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (StorageReader reader = opened.get()) {
      long size = reader.size();
      if (size > MAX_BYTES) {
        LOG.log(Level.WARNING, "too large for a manifest digest={0}", sha256);
        return Optional.empty();
      }
      Object version = store.blobs().version(sha256);
      byte[] bytes = isSmall(size) ? new StorageInput(reader).readNBytes((int) size) : null;
      if (!isIntact(sha256, bytes)) {
        LOG.log(Level.ERROR, "damaged manifest: its bytes have another digest digest={0}", sha256);
        return Optional.empty();
      }
      InputStream input =
          bytes == null ? new StorageInput(reader) : new ByteArrayInputStream(bytes);
      ParsedManifest parsed = ManifestParser.readStored(input);
      return Optional.of(
          new StoredManifest(parsed.mediaType(), size, parsed.subject(), bytes, null, version));
    } catch (IOException e) {
      throw new UncheckedIOException("reading manifest " + sha256, e);
    }
  }

  private boolean isIntact(Digest sha256, byte @Nullable [] bytes) {
    return bytes == null
        ? store.blobs().isIntact(sha256)
        : Digests.of(Digest.Algorithm.SHA256, bytes).equals(sha256);
  }

  private static boolean isSmall(long size) {
    return size <= StoredManifest.MAX_BYTES_KEPT;
  }

  private <T> Optional<T> readBytes(Digest sha256, Function<InputStream, T> use) {
    Optional<StoredManifest> known = cache.find(sha256);
    if (known.isPresent() && known.get().bytes() != null) {
      return Optional.of(use.apply(new ByteArrayInputStream(known.get().bytes())));
    }
    Optional<StorageReader> opened = store.blobs().open(sha256);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (var input = new StorageInput(opened.get())) {
      return Optional.of(use.apply(input));
    }
  }
}
