package dev.berth.oci;

import java.util.List;

/// One page of a sorted listing.
///
/// @param more whether further items follow the last one here
public record Page<T>(List<T> items, boolean more) {
  public Page {
    items = List.copyOf(items);
  }
}
