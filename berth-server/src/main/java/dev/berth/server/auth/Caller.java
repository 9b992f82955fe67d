package dev.berth.server.auth;

import java.util.Set;

/// Who asks.
///
/// @param name the name that was proved; empty for somebody who gave none
/// @param groups what the directory that knows the name says they belong to
public record Caller(String name, Set<String> groups) {
  /// Somebody who gave no name.
  public static final Caller ANONYMOUS = new Caller("", Set.of());

  public Caller {
    groups = Set.copyOf(groups);
  }

  /// Somebody who belongs to no groups.
  public static Caller named(String name) {
    return name.isEmpty() ? ANONYMOUS : new Caller(name, Set.of());
  }

  /// Whether nobody knows who it is.
  public boolean isAnonymous() {
    return name.isEmpty();
  }
}
