package dev.berth.oci;

import java.util.Optional;
import java.util.OptionalInt;

/// Which page of a sorted listing is wanted.
///
/// @param limit at most so many items, 0 or more; empty for all
/// @param last only items that sort after this text, which need not be an item
public record PageRequest(OptionalInt limit, Optional<String> last) {}
