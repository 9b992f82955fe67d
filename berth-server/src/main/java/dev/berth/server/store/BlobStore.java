package dev.berth.server.store;

import dev.berth.oci.Digest;
import dev.berth.oci.RepositoryName;
import dev.berth.storage.FileInfo;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Blobs, and the links by which repositories have them. Every answer comes from the store, never
/// from a cache, so it may be asked where safety depends on it.
public final class BlobStore {
  /// The digest of no bytes at all: the one blob whose file is rightly empty.
  private static final Digest EMPTY =
      Digest.parse("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

  private final StorageDriver driver;
  private final Links links;

  BlobStore(StorageDriver driver, Links links) {
    this.driver = driver;
    this.links = links;
  }

  /// Size in bytes of the content. Empty where there is none, and where the file is empty though
  /// the digest is not that of nothing: registry 2.8.2 leaves such files after a crash.
  public Optional<Long> size(Digest sha256) {
    return driver
        .stat(StoreLayout.blobData(sha256))
        .filter(info -> isWhole(sha256, info))
        .map(FileInfo::size);
  }

  /// Opens the content; empty as in [#size].
  public Optional<StorageReader> open(Digest sha256) {
    Optional<StorageReader> reader = driver.open(StoreLayout.blobData(sha256));
    if (reader.isPresent() && reader.get().size() == 0 && !sha256.equals(EMPTY)) {
      reader.get().close();
      return Optional.empty();
    }
    return reader;
  }

  /// The digest of the content by another algorithm; empty where there is none. Reads all of it.
  Optional<Digest> digest(Digest sha256, Digest.Algorithm algorithm) {
    return hash(StoreLayout.blobData(sha256), algorithm);
  }

  /// The version of the content's file; null where the store tells none.
  public @Nullable Object version(Digest sha256) {
    return driver.stat(StoreLayout.blobData(sha256)).map(FileInfo::version).orElse(null);
  }

  /// Whether the content's bytes are what its name says; reads all of them.
  public boolean isIntact(Digest sha256) {
    return holds(StoreLayout.blobData(sha256), sha256);
  }

  /// The sha256 digest under which the repository has this blob; empty where it does not have it.
  public Optional<Digest> resolve(RepositoryName repository, Digest digest) {
    StoragePath path = StoreLayout.layerLink(repository, digest);
    if (digest.algorithm() == Digest.Algorithm.SHA256) {
      // Such a link can only hold its own name, so its size says enough and no read is needed.
      Optional<FileInfo> info = driver.stat(path);
      if (info.isEmpty() || info.get().size() == Links.BYTES) {
        return info.map(_ -> digest);
      }
    }
    return switch (links.read(path)) {
      case Links.Link.Whole whole -> Optional.of(whole.target());
      case Links.Link.Missing _ -> Optional.empty();
      case Links.Link.Damaged _ -> healed(path, digest);
    };
  }

  /// Makes the finished upload at `from` the content of `sha256` (step U2). The caller has checked
  /// its digest, synced its bytes and is its only writer. Content that is there already stays, if
  /// its bytes are right: registry 2.8.2 can leave a file of the right size and wrong bytes after a
  /// power cut. Durable when it returns.
  ///
  /// @param size bytes of the upload
  /// @return false where the upload is gone: somebody cancelled it just now
  public boolean adopt(StoragePath from, Digest sha256, long size) {
    StoragePath data = StoreLayout.blobData(sha256);
    if (isThere(data, size) && holds(data, sha256)) {
      driver.touch(data);
      if (driver.sync(data)) {
        return true;
      }
    }
    // Where the upload is gone another commit of the same session may have put its bytes there.
    return driver.move(from, data)
        || (isThere(data, size) && holds(data, sha256) && driver.sync(data));
  }

  /// Stores small content, unless these very bytes are there (step P2). Durable when it returns.
  public void write(Digest sha256, byte[] content) {
    StoragePath data = StoreLayout.blobData(sha256);
    if (!isThere(data, content.length) || !holds(data, sha256) || !driver.sync(data)) {
      driver.put(data, content);
    }
  }

  /// Gives the repository the blob under `sha256` and, where `alias` is another digest, under that
  /// too (step U3). Durable when it returns.
  public void link(RepositoryName repository, Digest sha256, Digest alias) {
    linkOne(StoreLayout.layerLink(repository, sha256), sha256);
    if (!alias.equals(sha256)) {
      linkOne(StoreLayout.layerLink(repository, alias), sha256);
    }
  }

  /// Makes durable what another process may have only renamed: the content and the repository's
  /// link to it (step P4). False where one of them is gone.
  public boolean makeDurable(RepositoryName repository, Digest digest, Digest sha256) {
    return makeDurable(sha256) && driver.sync(StoreLayout.layerLink(repository, digest));
  }

  /// As above, for content that is reached by another link than a layer's.
  public boolean makeDurable(Digest sha256) {
    return driver.sync(StoreLayout.blobData(sha256));
  }

  /// Refreshes the file's time, so that a collector sees that somebody wants it.
  public void touch(Digest sha256) {
    driver.touch(StoreLayout.blobData(sha256));
  }

  /// Every digest under which the repository has this content, sha256 first.
  public Set<Digest> names(RepositoryName repository, Digest sha256) {
    Set<Digest> found = new LinkedHashSet<>(List.of(sha256));
    Digest.Algorithm other = Digest.Algorithm.SHA512;
    driver.visit(
        StoreLayout.layers(repository, other),
        hex ->
            Digest.tryParse(other.prefix() + ":" + hex)
                .filter(alias -> resolve(repository, alias).filter(sha256::equals).isPresent())
                .ifPresent(found::add));
    return found;
  }

  /// Takes the blob out of the repository under these names (see [#names]). Durable when it
  /// returns.
  public void unlink(RepositoryName repository, Set<Digest> names) {
    for (Digest name : names) {
      links.remove(StoreLayout.layerLink(repository, name));
    }
  }

  private void linkOne(StoragePath path, Digest sha256) {
    boolean stands =
        driver.stat(path).isPresent()
            && links.read(path) instanceof Links.Link.Whole whole
            && whole.target().equals(sha256);
    if (!stands || !driver.sync(path)) {
      links.write(path, sha256);
    }
  }

  /// A torn link under a sha256 name can only have held that name.
  private Optional<Digest> healed(StoragePath path, Digest digest) {
    if (digest.algorithm() != Digest.Algorithm.SHA256 || size(digest).isEmpty()) {
      return Optional.empty();
    }
    links.heal(path, digest);
    return Optional.of(digest);
  }

  private boolean holds(StoragePath data, Digest sha256) {
    return hash(data, Digest.Algorithm.SHA256).filter(sha256::equals).isPresent();
  }

  private Optional<Digest> hash(StoragePath data, Digest.Algorithm algorithm) {
    Optional<StorageReader> opened = driver.open(data);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (StorageReader reader = opened.get()) {
      RunningHash hash = new RunningHash(Digests.newDigest(algorithm));
      ByteBuffer piece = ByteBuffer.wrap(Pieces.take());
      long position = 0;
      while (reader.read(piece.clear(), position) > 0) {
        position += piece.flip().remaining();
        hash.update(piece);
      }
      Pieces.give(piece.array());
      return Optional.of(hash.finish(algorithm));
    } catch (IOException e) {
      throw new StorageException.Broken("cannot read " + data + ": " + e.getMessage(), e);
    }
  }

  private boolean isThere(StoragePath data, long size) {
    return driver.stat(data).filter(info -> !info.folder() && info.size() == size).isPresent();
  }

  private static boolean isWhole(Digest sha256, FileInfo info) {
    return !info.folder() && (info.size() > 0 || sha256.equals(EMPTY));
  }
}
