package dev.berth.server.registry;

import dev.berth.oci.Digest;
import dev.berth.oci.ErrorCode;
import dev.berth.oci.ManifestPush;
import dev.berth.oci.MediaType;
import dev.berth.oci.PushedManifest;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RegistryException.Problem;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.server.registry.ParsedManifest.Reference;
import dev.berth.server.store.Digests;
import dev.berth.server.store.Store;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Stores manifests: checks, publishes, checks again, tags. The steps P1 to P4 and T1 to T3 of
/// docs/storage-format.md, in that order; nothing in here asks a cache.
final class ManifestPublisher {
  private static final System.Logger LOG = System.getLogger(ManifestPublisher.class.getName());

  /// T3 loops only against somebody who deletes the same manifest in a loop.
  private static final int MAX_REWRITES = 100;

  private static final int MAX_WARNED_TYPES = 1000;

  /// More missing references than anybody reads in one answer.
  private static final int MAX_REPORTED = 1000;

  private final Store store;
  private final RegistryRules rules;
  private final ManifestCache cache;
  private final TagGuard guard;
  private final Set<MediaType> warnedTypes = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean warnedOfNames = new AtomicBoolean();

  ManifestPublisher(Store store, RegistryRules rules, ManifestCache cache, TagGuard guard) {
    this.store = store;
    this.rules = rules;
    this.cache = cache;
    this.guard = guard;
  }

  PushedManifest publish(RepositoryName repository, ManifestPush push) {
    byte[] bytes = push.bytes();
    ParsedManifest manifest = parse(push);
    Digest sha256 = Digests.of(Digest.Algorithm.SHA256, bytes);
    Digest named = push.digest().orElse(sha256);
    checkDigest(named, sha256, bytes);
    checkMediaType(manifest.mediaType());
    checkNames(manifest);
    checkUrls(manifest);
    guard.checkPush(repository, push.tags(), sha256);
    checkReferences(repository, manifest); // P1
    store.blobs().write(sha256, bytes); // P2
    store.manifests().link(repository, sha256, named); // P3
    confirm(repository, manifest, sha256, bytes); // P4
    for (Tag tag : push.tags()) {
      guard.point(repository, tag, sha256, named); // T1, T2
    }
    keepPublished(repository, manifest, sha256, named, push); // T3
    cache.remember(sha256, StoredManifest.of(manifest, bytes));
    return new PushedManifest(named, manifest.subject());
  }

  private static ParsedManifest parse(ManifestPush push) {
    try {
      return ManifestParser.parse(push.bytes(), push.contentType());
    } catch (InvalidManifestException e) {
      throw new RegistryException(ErrorCode.MANIFEST_INVALID, String.valueOf(e.getMessage()));
    }
  }

  private static void checkDigest(Digest named, Digest sha256, byte[] bytes) {
    Digest actual =
        named.algorithm() == Digest.Algorithm.SHA256
            ? sha256
            : Digests.of(named.algorithm(), bytes);
    if (!named.equals(actual)) {
      throw new RegistryException(
          ErrorCode.DIGEST_INVALID, "the manifest's digest is " + actual + ", not " + named);
    }
  }

  private void checkMediaType(MediaType type) {
    if (type.knownToDistribution()) {
      return;
    }
    if (rules.strictMediaTypes()) {
      throw new RegistryException(
          ErrorCode.MANIFEST_INVALID,
          "manifests of type " + type + " are not taken here (strictmediatypes)");
    }
    if (warnedTypes.size() < MAX_WARNED_TYPES && warnedTypes.add(type)) {
      LOG.log(
          Level.WARNING,
          "took a manifest that registry 2.8.2 cannot read: its garbage-collect will abort on it,"
              + " see docs/storage-format.md before a rollback mediatype={0}",
          type);
    }
  }

  /// The collector of registry 2.8.2 keeps only what some manifest names by sha256.
  private void checkNames(ParsedManifest manifest) {
    Optional<Digest> other =
        Stream.concat(manifest.blobs().stream(), manifest.children().stream())
            .map(Reference::digest)
            .filter(digest -> digest.algorithm() != Digest.Algorithm.SHA256)
            .findFirst();
    if (other.isEmpty()) {
      return;
    }
    if (rules.strictMediaTypes()) {
      throw new RegistryException(
          ErrorCode.MANIFEST_INVALID,
          "a manifest must name its content by sha256 here (strictmediatypes), not " + other.get());
    }
    if (!warnedOfNames.getAndSet(true)) {
      LOG.log(
          Level.WARNING,
          "took a manifest that names content by another digest than sha256: the garbage-collect of"
              + " registry 2.8.2 will remove that content, see docs/storage-format.md before a"
              + " rollback digest={0}",
          other.get());
    }
  }

  private void checkUrls(ParsedManifest manifest) {
    for (Reference blob : manifest.blobs()) {
      for (String url : blob.urls()) {
        if (!rules.urlAllowed().test(url)) {
          throw new RegistryException(
              ErrorCode.MANIFEST_INVALID,
              "the URL of layer " + blob.digest() + " is not allowed here (validation): " + url);
        }
      }
    }
  }

  private void checkReferences(RepositoryName repository, ParsedManifest manifest) {
    refuseWithout(
        manifest,
        blob -> findBlob(repository, blob).isPresent(),
        child -> findChild(repository, child).isPresent());
  }

  /// P4: everything the manifest needs is still here after it was published, and is on disk:
  /// another process may have renamed it into place a moment ago without syncing the folder.
  private void confirm(
      RepositoryName repository, ParsedManifest manifest, Digest sha256, byte[] bytes) {
    refuseWithout(
        manifest,
        blob ->
            findBlob(repository, blob)
                .filter(found -> store.blobs().makeDurable(repository, blob.digest(), found))
                .isPresent(),
        child ->
            findChild(repository, child)
                .filter(store.blobs()::makeDurable)
                .filter(_ -> store.manifests().makeDurable(repository, child.digest()))
                .isPresent());
    store.blobs().write(sha256, bytes);
  }

  private void refuseWithout(
      ParsedManifest manifest, Predicate<Reference> hasBlob, Predicate<Reference> hasChild) {
    List<Problem> missing = new ArrayList<>();
    // A manifest may name the same layer a thousand times; it is looked at once.
    Set<Digest> seen = new HashSet<>();
    for (Reference blob : manifest.blobs()) {
      if (blob.urls().isEmpty() && seen.add(blob.digest()) && !hasBlob.test(blob)) {
        report(blob, missing);
      }
    }
    seen.clear();
    for (Reference child : manifest.children()) {
      if (seen.add(child.digest()) && !hasChild.test(child)) {
        report(child, missing);
      }
    }
    if (!missing.isEmpty() && rules.refuseMissingReferences()) {
      throw new RegistryException(ErrorCode.MANIFEST_BLOB_UNKNOWN.status(), missing);
    }
  }

  /// T3: a delete that ran meanwhile may have taken the publication away under the new tag, and the
  /// tag with it. It leaves tags alone once the manifest is back (`TagStore.removePointingAt`).
  private void keepPublished(
      RepositoryName repository,
      ParsedManifest manifest,
      Digest sha256,
      Digest named,
      ManifestPush push) {
    for (int i = 0; i < MAX_REWRITES; i++) {
      if (store.manifests().has(repository, sha256) && store.manifests().has(repository, named)) {
        if (guard.keepsAny(repository)) {
          // Whoever deleted it may have put it back for a tag that stays.
          confirm(repository, manifest, sha256, push.bytes());
        }
        return;
      }
      store.manifests().link(repository, sha256, named);
      // While it was gone nothing held its layers.
      confirm(repository, manifest, sha256, push.bytes());
      for (Tag tag : push.tags()) {
        store.tags().pointAgain(repository, tag, sha256, named);
      }
    }
    throw new RegistryException(
        ErrorCode.UNAVAILABLE, "the manifest is being deleted by another client, try again");
  }

  /// The content of a layer or configuration, if the repository has it in full: a file shorter than
  /// the manifest says is what a crash of another registry left, and counts as absent.
  private Optional<Digest> findBlob(RepositoryName repository, Reference blob) {
    return store
        .blobs()
        .resolve(repository, blob.digest())
        .filter(target -> isWhole(target, blob.size()));
  }

  private Optional<Digest> findChild(RepositoryName repository, Reference child) {
    return store
        .manifests()
        .resolve(repository, child.digest())
        .filter(target -> isWhole(target, child.size()));
  }

  private boolean isWhole(Digest sha256, long size) {
    return store.blobs().size(sha256).filter(actual -> actual >= size).isPresent();
  }

  private static void report(Reference reference, List<Problem> missing) {
    if (missing.size() < MAX_REPORTED) {
      missing.add(
          new Problem(
              ErrorCode.MANIFEST_BLOB_UNKNOWN,
              ErrorCode.MANIFEST_BLOB_UNKNOWN.message(),
              Map.of("digest", reference.digest().toString())));
    }
  }
}
