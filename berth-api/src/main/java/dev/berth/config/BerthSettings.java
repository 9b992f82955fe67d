package dev.berth.config;

/// Everything under `berth`: what registry 2.8.2 has no key for.
///
/// @param strictMediaTypes take only the kinds of manifest that registry 2.8.2 takes, so that its
///   `garbage-collect` runs over this store
public record BerthSettings(
    MissingReferences missingReferences,
    ReferencedBlobs referencedBlobs,
    boolean strictMediaTypes,
    SpaceConfig space,
    Limits limits) {
  public static final BerthSettings DEFAULTS =
      new BerthSettings(
          MissingReferences.REFUSE,
          ReferencedBlobs.REFUSE,
          false,
          SpaceConfig.DEFAULTS,
          Limits.DEFAULTS);
}
