package dev.berth.server.auth;

import dev.berth.oci.wire.OciRequest;
import java.util.List;

/// Who may do what, once it is known who asks. Safe for use by many threads; does not block.
@FunctionalInterface
public interface Rights {
  /// Who has a login may do everything, as in registry 2.8.2; nobody else anything.
  Rights OF_ANY_LOGIN =
      (caller, request) ->
          caller.isAnonymous()
              ? new Ruling.Refused("a login is needed", Access.of(request))
              : new Ruling.Allowed(Sight.ALL);

  /// Whether this caller may have this request.
  Ruling rule(Caller caller, OciRequest request);

  /// What was found.
  sealed interface Ruling {
    /// They may.
    record Allowed(Sight sight) implements Ruling {}

    /// They may not.
    ///
    /// @param reason a sentence for the caller; tells nothing of what there is
    /// @param missing the rights that they lack
    record Refused(String reason, List<Need> missing) implements Ruling {
      public Refused {
        missing = List.copyOf(missing);
      }
    }
  }
}
