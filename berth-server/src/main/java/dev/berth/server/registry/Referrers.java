package dev.berth.server.registry;

import dev.berth.oci.Descriptor;
import dev.berth.oci.Digest;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.server.store.Store;
import java.util.List;
import java.util.Optional;

/// Finds the manifests that refer to another one: by reading every manifest of the repository
/// (facts are cached), and by the fallback tag that clients keep for registries without this API.
final class Referrers {
  /// Fallback tags cut the digest off where a tag would be too long (distribution-spec, "Referrers
  /// Tag Schema": algorithm to 32, encoded part to 64 characters).
  private static final int MAX_TAG_HEX = 64;

  private final Store store;
  private final ManifestReader reader;

  Referrers(Store store, ManifestReader reader) {
    this.store = store;
    this.reader = reader;
  }

  /// In the order of their digests.
  List<Descriptor> of(RepositoryName repository, Digest subject) {
    ReferrerList found = new ReferrerList();
    store
        .manifests()
        .visitCandidates(
            repository,
            candidate -> {
              Optional<StoredManifest> manifest = reader.read(candidate);
              if (manifest.flatMap(StoredManifest::subject).filter(subject::equals).isPresent()
                  && store.manifests().has(repository, candidate)) {
                found.add(manifest.get().descriptor());
              }
            });
    for (ParsedManifest.Reference listed : fallback(repository, subject)) {
      if (!found.contains(listed.digest())
          && store.manifests().resolve(repository, listed.digest()).isPresent()) {
        found.add(descriptor(listed));
      }
    }
    return found.sorted();
  }

  private List<ParsedManifest.Reference> fallback(RepositoryName repository, Digest subject) {
    Optional<Tag> tag =
        Tag.tryParse(
            subject.algorithm().prefix()
                + "-"
                + subject.hex().substring(0, Math.min(subject.hex().length(), MAX_TAG_HEX)));
    return tag.flatMap(name -> store.tags().resolve(repository, name))
        .flatMap(index -> reader.references(repository, index))
        .map(ParsedManifest::children)
        .orElse(List.of());
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
