package dev.berth.server.doctor;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// An answer over HTTP; of its body at most as much as was asked for.
///
/// @param fields by names in lower case
/// @param wholeBody whether the body is all that was announced
/// @param sending what of the request's body went out before it came
record WebAnswer(
    int status, Map<String, List<String>> fields, byte[] body, boolean wholeBody, Sending sending) {
  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final int PARTIAL = 206;
  private static final int REDIRECTS = 300;
  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;
  private static final int LENGTH_REQUIRED = 411;
  private static final int TOO_LARGE = 413;
  private static final int SERVER_ERRORS = 500;
  private static final int GATEWAY_FAILED = 502;
  private static final int GATEWAY_LATE = 504;
  private static final int NO_ROOM = 507;

  /// How a body went out.
  ///
  /// @param bytes of it
  /// @param took to send them
  /// @param waited after the last of them, until the answer was there
  record Sending(long bytes, Duration took, Duration waited) {
    static final Sending NOTHING = new Sending(0, Duration.ZERO, Duration.ZERO);
  }

  WebAnswer {
    fields = Map.copyOf(fields);
  }

  WebAnswer after(Sending body) {
    return new WebAnswer(status, fields, this.body, wholeBody, body);
  }

  /// The first of the fields of that name.
  Optional<String> field(String name) {
    return all(name).stream().findFirst();
  }

  List<String> all(String name) {
    return fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  boolean isOk() {
    return status == OK;
  }

  boolean isAccepted() {
    return status == ACCEPTED;
  }

  boolean isPartial() {
    return status == PARTIAL;
  }

  boolean isSuccess() {
    return status >= OK && status < REDIRECTS;
  }

  boolean isRedirect() {
    return status >= REDIRECTS && status < BAD_REQUEST;
  }

  boolean isBadRequest() {
    return status == BAD_REQUEST;
  }

  boolean asksForLogin() {
    return status == UNAUTHORIZED;
  }

  /// The caller may not, or nobody may.
  boolean isForbidden() {
    return status == UNAUTHORIZED || status == FORBIDDEN || status == NOT_ALLOWED;
  }

  boolean isNotFound() {
    return status == NOT_FOUND;
  }

  boolean wantsLength() {
    return status == LENGTH_REQUIRED;
  }

  boolean isTooLarge() {
    return status == TOO_LARGE;
  }

  boolean isOfGateway() {
    return status >= GATEWAY_FAILED && status <= GATEWAY_LATE;
  }

  boolean isNoRoom() {
    return status == NO_ROOM;
  }

  boolean isServerError() {
    return status >= SERVER_ERRORS;
  }
}
