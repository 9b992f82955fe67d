package dev.berth.server.registry;

import dev.berth.oci.BlobContent;
import dev.berth.oci.Digest;
import dev.berth.oci.ErrorCode;
import dev.berth.oci.ManifestContent;
import dev.berth.oci.ManifestPush;
import dev.berth.oci.Page;
import dev.berth.oci.PageRequest;
import dev.berth.oci.PushedManifest;
import dev.berth.oci.Reference;
import dev.berth.oci.ReferrerVisitor;
import dev.berth.oci.Registry;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.oci.UploadChunk;
import dev.berth.oci.UploadId;
import dev.berth.oci.UploadSession;
import dev.berth.server.store.BlobStore;
import dev.berth.server.store.Store;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/// The registry on a [Store]. Every answer about what exists comes from the store at the time of
/// the call, so any number of processes may serve one store.
public final class StoredRegistry implements Registry {
  private final Store store;
  private final BlobStore blobs;
  private final RegistryRules rules;
  private final Uploads uploads;
  private final ManifestReader reader;
  private final ManifestPublisher publisher;
  private final Referrers referrers;
  private final TagGuard guard;

  /// Searches through all repositories.
  private final OneAtATime searches = new OneAtATime("too many searches at one time");

  public StoredRegistry(Store store, RegistryRules rules, ManifestCache cache) {
    this.store = store;
    this.blobs = store.blobs();
    this.rules = rules;
    this.uploads = new Uploads(store, rules.maxOpenUploads());
    this.reader = new ManifestReader(store, cache);
    this.guard = new TagGuard(store, rules.immutableTags());
    this.publisher = new ManifestPublisher(store, rules, cache, guard);
    this.referrers = new Referrers(store, reader);
  }

  /// Upload sessions that clients of this process have open.
  public int openUploads() {
    return uploads.open();
  }

  @Override
  public long blobSize(RepositoryName repository, Digest digest) {
    return Faults.translating(
        () ->
            resolve(repository, digest)
                .flatMap(blobs::size)
                .orElseThrow(() -> unknownBlob(digest)));
  }

  @Override
  public BlobContent openBlob(RepositoryName repository, Digest digest) {
    return Faults.translating(
        () ->
            resolve(repository, digest)
                .flatMap(blobs::open)
                .<BlobContent>map(StoredBlob::new)
                .orElseThrow(() -> unknownBlob(digest)));
  }

  @Override
  public void deleteBlob(RepositoryName repository, Digest digest) {
    requireDelete();
    changing(
        () -> {
          Digest sha256 = blobs.resolve(repository, digest).orElseThrow(() -> unknownBlob(digest));
          Set<Digest> names = new LinkedHashSet<>(blobs.names(repository, sha256));
          names.add(digest);
          if (!rules.deleteReferencedBlobs()) {
            refuseIfReferenced(repository, names);
          }
          blobs.unlink(repository, names);
          if (!rules.deleteReferencedBlobs()) {
            keepForNewManifests(repository, sha256, names);
          }
          return true;
        });
  }

  @Override
  public boolean mountBlob(RepositoryName to, Optional<RepositoryName> from, Digest digest) {
    return changing(
        () -> {
          Optional<Digest> sha256 = mountable(from, digest);
          if (sha256.isEmpty() || !blobs.makeDurable(sha256.get())) {
            return false;
          }
          blobs.touch(sha256.get());
          blobs.link(to, sha256.get(), digest);
          return blobs.size(sha256.get()).isPresent();
        });
  }

  @Override
  public UploadSession startUpload(RepositoryName repository) {
    return Faults.translating(() -> uploads.start(repository));
  }

  @Override
  public UploadSession getUpload(RepositoryName repository, UploadId id) {
    return Faults.translating(() -> uploads.get(repository, id));
  }

  @Override
  public UploadSession appendUpload(RepositoryName repository, UploadId id, UploadChunk chunk) {
    return Faults.translating(() -> uploads.append(repository, id, chunk));
  }

  @Override
  public void commitUpload(
      RepositoryName repository, UploadId id, UploadChunk last, Digest digest) {
    Faults.translating(
        () -> {
          uploads.commit(repository, id, last, digest);
          return true;
        });
  }

  @Override
  public void cancelUpload(RepositoryName repository, UploadId id) {
    changing(
        () -> {
          uploads.cancel(repository, id);
          return true;
        });
  }

  @Override
  public ManifestContent getManifest(RepositoryName repository, Reference reference) {
    return Faults.translating(
        () -> {
          Digest sha256 =
              target(repository, reference)
                  .orElseThrow(() -> unknownManifest(repository, reference));
          StoredManifest manifest =
              reader
                  .read(repository, sha256)
                  .orElseThrow(() -> unknownManifest(repository, reference));
          Digest asked =
              switch (reference) {
                case Digest digest -> digest;
                case Tag tag -> store.tags().name(repository, tag, sha256);
              };
          return new ManifestContent(
              manifest.mediaType(),
              asked,
              manifest.size(),
              () -> open(repository, reference, sha256, manifest));
        });
  }

  private BlobContent open(
      RepositoryName repository, Reference reference, Digest sha256, StoredManifest manifest) {
    if (manifest.bytes() != null) {
      return BlobContent.of(manifest.bytes());
    }
    return Faults.translating(
        () ->
            Optional.of(sha256)
                .filter(digest -> reader.isStillIntact(digest, manifest))
                .flatMap(blobs::open)
                .<BlobContent>map(StoredBlob::new)
                .orElseThrow(() -> unknownManifest(repository, reference)));
  }

  @Override
  public PushedManifest putManifest(RepositoryName repository, ManifestPush push) {
    return changing(() -> publisher.publish(repository, push));
  }

  @Override
  public void deleteManifest(RepositoryName repository, Digest digest) {
    requireDelete();
    Digest sha256 =
        changing(
                () -> {
                  store
                      .manifests()
                      .resolve(repository, digest)
                      .ifPresent(target -> guard.checkDelete(repository, target));
                  Optional<Digest> gone = store.manifests().unlink(repository, digest);
                  gone.ifPresent(target -> guard.keepForNewTags(repository, target, digest));
                  return gone;
                })
            .orElseThrow(() -> unknownManifest(repository, digest));
    // A step of its own: when the store is full it is done again, and the manifest is gone by then.
    changing(
        () -> {
          store
              .tags()
              .removePointingAt(
                  repository, sha256, () -> store.manifests().has(repository, sha256));
          return true;
        });
  }

  @Override
  public void deleteTag(RepositoryName repository, Tag tag) {
    requireDelete();
    changing(
        () -> {
          guard.checkDelete(repository, tag);
          if (!store.tags().remove(repository, tag)) {
            throw unknownManifest(repository, tag);
          }
          return true;
        });
  }

  @Override
  public <T> T tags(RepositoryName repository, PageRequest page, Function<Page<Tag>, T> use) {
    return Faults.translating(
        () ->
            store
                .tags()
                .page(repository, page, use)
                .orElseGet(
                    () -> {
                      if (store.repositories().has(repository)) {
                        return use.apply(new Page<>(List.of(), false));
                      }
                      throw new RegistryException(
                          ErrorCode.NAME_UNKNOWN,
                          ErrorCode.NAME_UNKNOWN.message(),
                          Map.of("name", repository.value()));
                    }));
  }

  @Override
  public Page<RepositoryName> repositories(PageRequest page) {
    return Faults.translating(() -> store.repositories().list(page));
  }

  @Override
  public void referrers(RepositoryName repository, Digest subject, ReferrerVisitor visitor) {
    Faults.translating(
        () -> {
          referrers.visit(repository, subject, visitor);
          return true;
        });
  }

  /// Changes that must go on when the store is full: they may use the reserve.
  private <T> T changing(Supplier<T> work) {
    return Faults.translating(() -> store.space().withReserve(work));
  }

  /// A manifest can be read as a blob too, as in registry 2.8.2.
  private Optional<Digest> resolve(RepositoryName repository, Digest digest) {
    return blobs
        .resolve(repository, digest)
        .or(() -> store.manifests().resolve(repository, digest));
  }

  private Optional<Digest> target(RepositoryName repository, Reference reference) {
    return switch (reference) {
      case Tag tag -> store.tags().resolve(repository, tag);
      case Digest digest ->
          digest.algorithm() == Digest.Algorithm.SHA256
              ? Optional.of(digest)
              : store.manifests().resolve(repository, digest);
    };
  }

  private Optional<Digest> mountable(Optional<RepositoryName> from, Digest digest) {
    if (from.isPresent()) {
      return blobs.resolve(from.get(), digest).filter(this::hasContent);
    }
    if (digest.algorithm() == Digest.Algorithm.SHA256) {
      return Optional.of(digest).filter(this::hasContent);
    }
    // Content lies under its sha256: which one that is, only a repository knows that has the other
    // name. Who does not come to their turn uploads it, which is always right.
    return searches
        .ifFree(
            () ->
                store
                    .repositories()
                    .search(
                        repository -> blobs.resolve(repository, digest).filter(this::hasContent)))
        .flatMap(Function.identity());
  }

  private boolean hasContent(Digest sha256) {
    return blobs.size(sha256).isPresent();
  }

  private void refuseIfReferenced(RepositoryName repository, Set<Digest> names) {
    store
        .manifests()
        .visitCandidates(
            repository,
            candidate -> {
              AtomicBoolean refers = new AtomicBoolean();
              reader.visitBlobs(
                  repository,
                  candidate,
                  blob -> {
                    if (names.contains(blob.digest())) {
                      refers.set(true);
                    }
                  });
              if (refers.get()) {
                throw new RegistryException(
                    ErrorCode.UNSUPPORTED,
                    "manifest "
                        + candidate
                        + " of this repository needs the blob: delete that manifest first");
              }
            });
  }

  /// A manifest that was published after the first look may have seen the blob just before it went:
  /// a push looks again after it has published (P4), so one of the two sees the other.
  private void keepForNewManifests(RepositoryName repository, Digest sha256, Set<Digest> names) {
    try {
      refuseIfReferenced(repository, names);
    } catch (RegistryException e) {
      names.forEach(name -> blobs.link(repository, sha256, name));
      throw e;
    }
  }

  private void requireDelete() {
    if (!rules.deleteEnabled()) {
      throw new RegistryException(
          ErrorCode.UNSUPPORTED, "deletion is off: set storage.delete.enabled to allow it");
    }
  }

  private static RegistryException unknownBlob(Digest digest) {
    return new RegistryException(
        ErrorCode.BLOB_UNKNOWN, ErrorCode.BLOB_UNKNOWN.message(), digest.toString());
  }

  static RegistryException unknownManifest(RepositoryName repository, Reference reference) {
    Object detail =
        switch (reference) {
          case Tag tag -> Map.of("Tag", tag.value());
          case Digest digest -> Map.of("Name", repository.value(), "Revision", digest.toString());
        };
    return new RegistryException(
        ErrorCode.MANIFEST_UNKNOWN, ErrorCode.MANIFEST_UNKNOWN.message(), detail);
  }
}
