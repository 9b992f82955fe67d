package dev.berth.server.auth;

import dev.berth.oci.RepositoryName;
import java.util.function.Predicate;

/// What a caller who was let in may see beyond what the request names. Asked while the request is
/// answered, and not kept.
///
/// @param everywhere whether the caller may pull from every repository that there is or will be
/// @param shows whether the catalog names a repository to the caller; asked where not `everywhere`
public record Sight(boolean everywhere, Predicate<RepositoryName> shows) {
  /// Everything.
  public static final Sight ALL = new Sight(true, _ -> true);

  /// What the request named, and no more.
  public static final Sight AS_ASKED = new Sight(false, _ -> false);
}
