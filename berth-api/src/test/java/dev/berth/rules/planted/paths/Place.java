package dev.berth.rules.planted.paths;

/// Stands for a path in a store.
public record Place(String value) {
  Place resolve(String name) {
    return new Place(value + "/" + name);
  }
}
