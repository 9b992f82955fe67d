package dev.berth.server.auth;

import dev.berth.oci.wire.OciRequest;
import java.util.Optional;

/// Lets in who another authenticator lets in, and of these only who the rights allow too: for
/// logins that bring rights of their own, and where there are no logins. Whether `/v2/` is answered
/// is for the other alone.
public final class NarrowedAuthenticator implements Authenticator {
  private final Authenticator other;
  private final Rights rights;

  public NarrowedAuthenticator(Authenticator other, Rights rights) {
    this.other = other;
    this.rights = rights;
  }

  @Override
  public Decision decide(Optional<String> authorization, String client, OciRequest request) {
    Decision decision = other.decide(authorization, client, request);
    return decision instanceof Decision.Granted(Caller caller, Sight sight)
            && !(request instanceof OciRequest.Ping)
        ? narrowed(caller, sight, request)
        : decision;
  }

  @Override
  public void refresh() {
    other.refresh();
  }

  private Decision narrowed(Caller caller, Sight sight, OciRequest request) {
    return switch (rights.rule(caller, request)) {
      case Rights.Ruling.Allowed(Sight allowed) ->
          new Decision.Granted(caller, sight.everywhere() ? allowed : sight);
      case Rights.Ruling.Refused(String reason, var missing) ->
          new Decision.Denied(caller, reason, missing);
    };
  }
}
