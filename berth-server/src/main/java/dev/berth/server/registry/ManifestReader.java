package dev.berth.server.registry;

import dev.berth.oci.Digest;
import dev.berth.oci.RepositoryName;
import dev.berth.server.store.Digests;
import dev.berth.server.store.Store;
import dev.berth.storage.StorageReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Reads the bytes of manifests, through the cache.
final class ManifestReader {
  private static final System.Logger LOG = System.getLogger(ManifestReader.class.getName());

  /// Larger than any manifest that 2.8.2 or Berth by default takes; guards memory.
  private static final int MAX_BYTES = 16 * 1024 * 1024;

  private final Store store;
  private final ManifestCache cache;
  private final LoadBudget budget = LoadBudget.ofHeap(MAX_BYTES);

  ManifestReader(Store store, ManifestCache cache) {
    this.store = store;
    this.cache = cache;
  }

  /// The manifest with these bytes, whether or not a repository has it; empty where the bytes are
  /// missing or are not what their name says.
  Optional<StoredManifest> read(Digest sha256) {
    Optional<StoredManifest> known = cache.find(sha256);
    if (known.isPresent()) {
      return known;
    }
    Optional<StoredManifest> found = load(sha256);
    found.ifPresent(manifest -> cache.remember(sha256, manifest));
    return found;
  }

  /// As [#read], and only if the repository has the manifest now.
  Optional<StoredManifest> read(RepositoryName repository, Digest sha256) {
    return store.manifests().has(repository, sha256) ? read(sha256) : Optional.empty();
  }

  /// What the manifest refers to; parsed anew, for rare callers.
  Optional<ParsedManifest> references(RepositoryName repository, Digest sha256) {
    return read(repository, sha256).map(found -> ManifestParser.parseStored(found.bytes()));
  }

  private Optional<StoredManifest> load(Digest sha256) {
    Optional<StorageReader> opened = store.blobs().open(sha256);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (StorageReader reader = opened.get()) {
      if (reader.size() > MAX_BYTES) {
        LOG.log(Level.WARNING, "too large for a manifest digest={0}", sha256);
        return Optional.empty();
      }
      return load(sha256, reader);
    } catch (IOException e) {
      throw new UncheckedIOException("reading manifest " + sha256, e);
    }
  }

  private Optional<StoredManifest> load(Digest sha256, StorageReader reader) throws IOException {
    try (LoadBudget.Lease _ = budget.acquire(reader.size())) {
      byte[] bytes = readFully(reader);
      if (!Digests.of(Digest.Algorithm.SHA256, bytes).equals(sha256)) {
        LOG.log(Level.ERROR, "damaged manifest: its bytes have another digest digest={0}", sha256);
        return Optional.empty();
      }
      return Optional.of(StoredManifest.of(sha256, bytes, ManifestParser.parseStored(bytes)));
    }
  }

  private static byte[] readFully(StorageReader reader) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(reader.size()));
    while (bytes.hasRemaining() && reader.read(bytes, bytes.position()) >= 0) {
      // read until full or at the end
    }
    return bytes.array();
  }
}
