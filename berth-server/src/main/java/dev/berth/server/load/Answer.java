package dev.berth.server.load;

import dev.berth.oci.Digest;
import dev.berth.oci.ErrorCode;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Optional;

/// What came back.
///
/// @param from what was asked
/// @param beginning of the body: all of a manifest, and of what is short
/// @param bytes length of the body
/// @param digest of the whole body
record Answer(
    URI from, int status, HttpHeaders headers, byte[] beginning, long bytes, Digest digest) {
  private static final int HUNDRED = 100;
  private static final int REDIRECTION = 3;

  boolean isMissing() {
    return status == ErrorCode.MANIFEST_UNKNOWN.status();
  }

  boolean isChallenge() {
    return status == ErrorCode.UNAUTHORIZED.status();
  }

  /// Whether the server asks to come again later.
  boolean tellsToWait() {
    return (status == ErrorCode.UNAVAILABLE.status()
            || status == ErrorCode.TOOMANYREQUESTS.status())
        && headers.firstValue("Retry-After").isPresent();
  }

  boolean isRedirection() {
    return status / HUNDRED == REDIRECTION && findLocation().isPresent();
  }

  /// Where `Location` leads; empty without one that can be followed.
  Optional<URI> findLocation() {
    try {
      return headers
          .firstValue("Location")
          .map(location -> Urls.parse(from.resolve(location).toString()));
    } catch (IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  /// What `Content-Length` says; -1 where it does not.
  long length() {
    try {
      return headers.firstValueAsLong("Content-Length").orElse(-1);
    } catch (NumberFormatException unreadable) {
      return -1;
    }
  }
}
