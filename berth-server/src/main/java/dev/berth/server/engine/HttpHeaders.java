package dev.berth.server.engine;

import java.util.List;
import java.util.Optional;

/// The header fields of a request. Names match without regard to case.
public interface HttpHeaders {
  /// The first field of this name.
  Optional<String> first(String name);

  /// All fields of this name in the order sent; empty for none.
  List<String> all(String name);
}
