package dev.berth.server.auth;

import java.time.Duration;
import java.util.List;

/// Whether a request is served.
public sealed interface Decision {
  /// How long the answer is held back.
  default Duration delay() {
    return Duration.ZERO;
  }

  /// It is.
  ///
  /// @param sight what the answer may draw on beyond what the request names
  record Granted(Caller caller, Sight sight) implements Decision {}

  /// Nobody knows who asks.
  ///
  /// @param challenge value of `WWW-Authenticate`: how to say who one is
  /// @param delay how long the answer is held back, so that guessing takes long
  record Unknown(String challenge, Duration delay) implements Decision {}

  /// Nobody knows who asks, or the token that was shown does not say that they may.
  record TokenNeeded(BearerChallenge challenge) implements Decision {}

  /// It is known who asks, and they may not.
  ///
  /// @param reason a sentence for the caller
  /// @param missing the rights that they lack
  record Denied(Caller caller, String reason, List<Need> missing) implements Decision {
    public Denied {
      missing = List.copyOf(missing);
    }
  }

  /// Too many logins are being checked.
  record Busy() implements Decision {}

  /// Whoever knows the passwords cannot be asked now.
  record Unavailable() implements Decision {}
}
