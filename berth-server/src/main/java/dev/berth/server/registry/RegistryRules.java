package dev.berth.server.registry;

import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// The choices that an operator has.
///
/// @param deleteEnabled whether DELETE is served at all (`storage.delete.enabled`)
/// @param deleteReferencedBlobs whether a blob may be deleted that a manifest of the repository
///   refers to, as registry 2.8.2 allows
/// @param refuseMissingReferences whether a manifest is refused when something it refers to is not
///   here
/// @param strictMediaTypes whether only manifests that registry 2.8.2 can read are taken
/// @param urlAllowed whether a layer may be had from this URL instead of from here (`validation`)
/// @param maxOpenUploads upload sessions begun here and not ended, 1 or more
/// @param immutableTags which tags of a repository stay where they are; empty where none do. Asked
///   for each change, for the answer may change
public record RegistryRules(
    boolean deleteEnabled,
    boolean deleteReferencedBlobs,
    boolean refuseMissingReferences,
    boolean strictMediaTypes,
    Predicate<String> urlAllowed,
    int maxOpenUploads,
    Function<RepositoryName, Optional<Predicate<Tag>>> immutableTags) {}
