package dev.berth.server.auth;

import dev.berth.oci.wire.OciRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Who may use the admin API: who shows the token of a file, and who has a login that the policy
/// makes an admin of every repository. Nobody without a name, whatever the policy gives to anyone.
/// Safe for use by many threads; may block for the time of a check.
public final class AdminGate {
  private static final Caller HOLDER = Caller.named("admin token");
  private static final String SHOW_TOKEN = "Bearer realm=\"berth\"";
  private static final String LOG_IN = "Basic realm=\"berth\"";

  private final @Nullable WatchedToken token;
  private final @Nullable Predicate<Caller> admins;
  private final Authenticator logins;

  /// @param token null for none
  /// @param admins whom the policy makes one; null without a policy, where no login is one
  /// @param logins knows callers
  public AdminGate(
      @Nullable WatchedToken token, @Nullable Predicate<Caller> admins, Authenticator logins) {
    this.token = token;
    this.admins = admins;
    this.logins = logins;
  }

  /// Whether a request is served.
  ///
  /// @param authorization the request's `Authorization` field
  /// @param client the client's address, which wrong logins are counted by
  public Decision decide(Optional<String> authorization, String client) {
    if (token != null && authorization.filter(token::isShownBy).isPresent()) {
      return new Decision.Granted(HOLDER, Sight.ALL);
    }
    if (admins == null) {
      return new Decision.Unknown(SHOW_TOKEN, Duration.ZERO);
    }
    Decision known = logins.decide(authorization, client, new OciRequest.Ping());
    if (!(known instanceof Decision.Granted(Caller caller, _))) {
      return known;
    }
    if (caller.isAnonymous()) {
      return new Decision.Unknown(LOG_IN, Duration.ZERO);
    }
    return admins.test(caller)
        ? known
        : new Decision.Denied(
            caller,
            "no rule of the policy makes " + caller.name() + " an admin of every repository",
            List.of());
  }
}
