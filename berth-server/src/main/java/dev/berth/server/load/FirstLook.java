package dev.berth.server.load;

import dev.berth.oci.ErrorCode;
import java.net.URI;
import java.util.Optional;

/// Whether the registry is there and lets this user in, asked before any load is made.
final class FirstLook {
  private final Target target;

  FirstLook(Target target) {
    this.target = target;
  }

  /// What stands against a load, in one line that says what to do; empty where nothing does.
  Optional<String> findObstacle() throws InterruptedException {
    Call call = Call.get(RequestKind.OTHER, target.base(), "");
    try (var connection = new Connection(target, RequestMeter.NONE, new Stop())) {
      // Asks once more where it is told to wait, which is as good a sign of life.
      connection.send(call);
      return Optional.empty();
    } catch (RequestFailure failure) {
      return Optional.of(sentence(failure));
    }
  }

  private String sentence(RequestFailure failure) {
    URI url = target.url();
    String reason = failure.reason();
    String what =
        switch (reason) {
          case Reasons.REFUSED -> "connection refused; is a registry running there?";
          case Reasons.NO_TLS -> "it does not speak TLS; try http://" + url.getRawAuthority();
          case Reasons.UNKNOWN_AUTHORITY ->
              "its certificate is from nobody whom this system trusts; name the authority with"
                  + " --ca FILE, or take any with --insecure";
          case Reasons.NO_HOST -> "there is no such host";
          default ->
              failure.nature() == RequestFailure.Nature.MISSING
                  ? "GET /v2/ answered " + reason + "; this is no registry"
                  : answered(reason, failure);
        };
    return url + ": " + what;
  }

  private String answered(String reason, RequestFailure failure) {
    if (reason.startsWith(Integer.toString(ErrorCode.UNAUTHORIZED.status()))) {
      return target.credentials() == null
          ? "GET /v2/ answered " + reason + "; give a login with --user NAME"
          : "GET /v2/ answered " + reason + "; not the password of " + target.credentials();
    }
    if (reason.startsWith("3")) {
      return "GET /v2/ answered " + reason + "; give the URL that it leads to";
    }
    if (reason.startsWith(Integer.toString(ErrorCode.NAME_INVALID.status()))) {
      return "GET /v2/ answered " + reason + "; if it speaks TLS, give https://";
    }
    return String.valueOf(failure.getMessage());
  }
}
