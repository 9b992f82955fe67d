package dev.berth.rules.planted.paths;

/// Builds a path outside of the layout.
final class KnowsTheFormat {
  Place tags(Place repository) {
    return repository.resolve("_manifests/tags");
  }
}
