package dev.berth.server.auth;

import java.time.Duration;

/// Whether a request is served.
public sealed interface Decision {
  /// It is.
  ///
  /// @param caller the name that was proved; empty for somebody whom nobody asked
  record Granted(String caller) implements Decision {}

  /// Nobody knows who asks.
  ///
  /// @param challenge value of `WWW-Authenticate`: how to say who one is
  /// @param delay how long the answer is held back, so that guessing takes long
  record Unknown(String challenge, Duration delay) implements Decision {}

  /// Nobody knows who asks, or the token that was shown does not say that they may.
  record TokenNeeded(BearerChallenge challenge) implements Decision {}

  /// Too many logins are being checked.
  record Busy() implements Decision {}
}
