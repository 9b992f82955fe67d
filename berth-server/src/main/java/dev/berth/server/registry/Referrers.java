package dev.berth.server.registry;

import dev.berth.oci.Descriptor;
import dev.berth.oci.Digest;
import dev.berth.oci.ReferrerVisitor;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.server.store.Store;
import java.util.Optional;

/// Finds the manifests that refer to another one: by reading every manifest of the repository
/// (facts are cached), and by the fallback tag that clients keep for registries without this API.
final class Referrers {
  /// Fallback tags cut the digest off where a tag would be too long (distribution-spec, "Referrers
  /// Tag Schema": algorithm to 32, encoded part to 64 characters).
  private static final int MAX_TAG_HEX = 64;

  /// Characters of an artifact type, four times what RFC 6838 allows; a longer one is not shown.
  private static final int MAX_ARTIFACT_TYPE = 1024;

  private final Store store;
  private final ManifestReader reader;

  Referrers(Store store, ManifestReader reader) {
    this.store = store;
    this.reader = reader;
  }

  /// Shows the referrers. What somebody refers to is shown by what its own bytes say, else by what
  /// the list under the fallback tag says.
  void visit(RepositoryName repository, Digest subject, ReferrerVisitor visitor) {
    store
        .manifests()
        .visitCandidates(
            repository,
            candidate -> {
              if (visitor.wants(candidate)) {
                reader
                    .facts(candidate)
                    .filter(manifest -> manifest.subject().filter(subject::equals).isPresent())
                    .filter(_ -> store.manifests().has(repository, candidate))
                    .flatMap(manifest -> reader.describe(candidate, manifest))
                    .ifPresent(referrer -> visitor.visit(bounded(referrer)));
              }
            });
    fallback(repository, subject)
        .ifPresent(
            index ->
                reader.visitChildren(
                    index,
                    listed -> {
                      if (visitor.wants(listed.digest())
                          && store.manifests().resolve(repository, listed.digest()).isPresent()) {
                        visitor.visit(bounded(descriptor(listed)));
                      }
                    }));
  }

  private Optional<Digest> fallback(RepositoryName repository, Digest subject) {
    Optional<Tag> tag =
        Tag.tryParse(
            subject.algorithm().prefix()
                + "-"
                + subject.hex().substring(0, Math.min(subject.hex().length(), MAX_TAG_HEX)));
    return tag.flatMap(name -> store.tags().resolve(repository, name))
        .filter(index -> store.manifests().has(repository, index));
  }

  private static Descriptor bounded(Descriptor referrer) {
    return new Descriptor(
        referrer.mediaType(),
        referrer.digest(),
        referrer.size(),
        referrer.artifactType().filter(text -> text.length() <= MAX_ARTIFACT_TYPE),
        referrer.annotations());
  }

  private static Descriptor descriptor(ParsedManifest.Reference listed) {
    return new Descriptor(
        listed.mediaType(),
        listed.digest(),
        listed.size(),
        listed.artifactType(),
        listed.annotations());
  }
}
