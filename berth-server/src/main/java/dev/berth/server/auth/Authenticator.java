package dev.berth.server.auth;

import dev.berth.oci.wire.OciRequest;
import java.util.Optional;

/// Decides who may be served. Safe for use by many threads; may block for the time of a check.
public interface Authenticator {
  /// Serves everybody.
  Authenticator OPEN = (_, _, _) -> new Decision.Granted(Caller.ANONYMOUS, Sight.ALL);

  /// Whether a request is served.
  ///
  /// @param authorization the request's `Authorization` field
  /// @param client the client's address, which wrong logins are counted by
  /// @param request what is asked for; [Access] says what it needs
  Decision decide(Optional<String> authorization, String client, OciRequest request);

  /// Looks whether the files changed by which callers are known, though nobody asks. To be called
  /// every few seconds.
  default void refresh() {}
}
