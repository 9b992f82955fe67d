package dev.berth.server.store;

import dev.berth.oci.Digest;
import dev.berth.oci.RepositoryName;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StoragePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Which manifests a repository has: its revision links. The bytes are in the [BlobStore].
public final class ManifestStore {
  private final StorageDriver driver;
  private final Links links;
  private final BlobStore blobs;

  ManifestStore(StorageDriver driver, Links links, BlobStore blobs) {
    this.driver = driver;
    this.links = links;
    this.blobs = blobs;
  }

  /// The sha256 digest of the manifest that the repository has under `digest`; empty where it has
  /// none.
  public Optional<Digest> resolve(RepositoryName repository, Digest digest) {
    StoragePath path = StoreLayout.revisionLink(repository, digest);
    return switch (links.read(path)) {
      case Links.Link.Whole whole -> Optional.of(whole.target());
      case Links.Link.Missing _ -> Optional.empty();
      case Links.Link.Damaged _ -> healed(path, digest);
    };
  }

  /// Whether the repository has the manifest: one `stat`, for callers that have its bytes.
  public boolean has(RepositoryName repository, Digest sha256) {
    return driver
        .stat(StoreLayout.revisionLink(repository, sha256))
        .filter(info -> info.size() > 0 || resolve(repository, sha256).isPresent())
        .isPresent();
  }

  /// Publishes the manifest under its sha256 digest and under `alias` (step P3). Durable when it
  /// returns.
  public void link(RepositoryName repository, Digest sha256, Digest alias) {
    links.write(StoreLayout.revisionLink(repository, sha256), sha256);
    if (!alias.equals(sha256)) {
      links.write(StoreLayout.revisionLink(repository, alias), sha256);
    }
  }

  /// Makes a link durable that another process may have only renamed. False where it is gone.
  public boolean makeDurable(RepositoryName repository, Digest digest) {
    return driver.sync(StoreLayout.revisionLink(repository, digest));
  }

  /// Takes the manifest out of the repository, under each digest it has here. Durable when it
  /// returns.
  ///
  /// @return its sha256 digest; empty where the repository did not have it
  public Optional<Digest> unlink(RepositoryName repository, Digest digest) {
    Optional<Digest> sha256 = resolve(repository, digest);
    sha256.ifPresent(
        target -> {
          List<Digest> aliases = new ArrayList<>();
          visit(
              repository,
              Digest.Algorithm.SHA512,
              alias -> {
                if (resolve(repository, alias).filter(target::equals).isPresent()) {
                  aliases.add(alias);
                }
              });
          aliases.forEach(alias -> links.remove(StoreLayout.revisionLink(repository, alias)));
          // Last: a push that looks after this sees that all of it is gone, and writes all again.
          links.remove(StoreLayout.revisionLink(repository, target));
        });
    return sha256;
  }

  /// Shows the sha256 digest of each manifest that the repository has or once had; check hits with
  /// [#has].
  public void visitCandidates(RepositoryName repository, Consumer<Digest> visitor) {
    visit(repository, Digest.Algorithm.SHA256, visitor);
  }

  private void visit(
      RepositoryName repository, Digest.Algorithm algorithm, Consumer<Digest> visitor) {
    driver.visit(
        StoreLayout.revisions(repository, algorithm),
        hex -> Digest.tryParse(algorithm.prefix() + ":" + hex).ifPresent(visitor));
  }

  /// A torn link under a sha256 name can only have held that name.
  private Optional<Digest> healed(StoragePath path, Digest digest) {
    if (digest.algorithm() != Digest.Algorithm.SHA256 || blobs.size(digest).isEmpty()) {
      return Optional.empty();
    }
    links.heal(path, digest);
    return Optional.of(digest);
  }
}
