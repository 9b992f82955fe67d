package dev.berth.server.registry;

import dev.berth.oci.Digest;
import dev.berth.oci.ErrorCode;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.server.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// Keeps the tags where they are that shall stay. Whether a tag may be pointed somewhere is decided
/// while the tag is held, so of two that are first only one is; the other looks come earlier, so
/// that nothing is written for what is refused.
final class TagGuard {
  private final Store store;
  private final Function<RepositoryName, Optional<Predicate<Tag>>> immutable;

  TagGuard(Store store, Function<RepositoryName, Optional<Predicate<Tag>>> immutable) {
    this.store = store;
    this.immutable = immutable;
  }

  /// Refuses a push to tags that point elsewhere and stay.
  void checkPush(RepositoryName repository, List<Tag> tags, Digest sha256) {
    immutable
        .apply(repository)
        .ifPresent(
            stays ->
                tags.stream()
                    .filter(stays)
                    .filter(tag -> isElsewhere(repository, tag, sha256))
                    .findFirst()
                    .ifPresent(
                        tag -> {
                          throw stays(tag);
                        }));
  }

  private boolean isElsewhere(RepositoryName repository, Tag tag, Digest sha256) {
    return store.tags().resolve(repository, tag).filter(at -> !at.equals(sha256)).isPresent();
  }

  /// Whether there may be tags of the repository that stay.
  boolean keepsAny(RepositoryName repository) {
    return immutable.apply(repository).isPresent();
  }

  /// Points a tag at a manifest (T1, T2), unless it points elsewhere and stays.
  void point(RepositoryName repository, Tag tag, Digest sha256, Digest name) {
    if (immutable.apply(repository).filter(stays -> stays.test(tag)).isEmpty()) {
      store.tags().point(repository, tag, sha256, name);
    } else if (!store.tags().pointUnlessElsewhere(repository, tag, sha256, name)) {
      throw stays(tag);
    }
  }

  /// Refuses to delete a tag that is there and stays.
  void checkDelete(RepositoryName repository, Tag tag) {
    if (immutable.apply(repository).filter(stays -> stays.test(tag)).isPresent()) {
      // Not there now is the whole answer: it may be made a moment later, and stays then.
      throw store.tags().resolve(repository, tag).isPresent()
          ? stays(tag)
          : StoredRegistry.unknownManifest(repository, tag);
    }
  }

  /// Refuses to delete a manifest that a tag points at which stays.
  void checkDelete(RepositoryName repository, Digest sha256) {
    immutable
        .apply(repository)
        .flatMap(stays -> store.tags().findPointingAt(repository, sha256, stays))
        .ifPresent(
            tag -> {
              throw stays(tag);
            });
  }

  /// Looks again after a manifest was deleted: a push may have pointed a tag at it meanwhile that
  /// stays. Then the manifest is put back. A push that points its tag after this look sees that the
  /// manifest is gone, and publishes it again (T3).
  ///
  /// @param name the digest by which it was deleted
  void keepForNewTags(RepositoryName repository, Digest sha256, Digest name) {
    try {
      checkDelete(repository, sha256);
    } catch (RegistryException e) {
      store.manifests().link(repository, sha256, name);
      throw e;
    }
  }

  private static RegistryException stays(Tag tag) {
    return new RegistryException(
        ErrorCode.DENIED,
        "the tag "
            + tag
            + " is immutable here: it can neither be moved nor deleted; push under"
            + " another tag",
        Map.of("Tag", tag.value()));
  }
}
