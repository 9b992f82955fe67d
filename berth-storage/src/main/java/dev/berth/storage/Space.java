package dev.berth.storage;

/// Room in a store, in bytes.
///
/// @param total what it can hold in all
/// @param usable what this process may still write
public record Space(long total, long usable) {
  /// A store whose room is not known or not bounded.
  public static final Space UNBOUNDED = new Space(Long.MAX_VALUE, Long.MAX_VALUE);
}
