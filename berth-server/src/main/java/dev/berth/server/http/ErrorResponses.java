package dev.berth.server.http;

import dev.berth.oci.ErrorCode;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RegistryException.Problem;
import dev.berth.oci.wire.ErrorBody;
import dev.berth.server.auth.BearerChallenge;
import dev.berth.server.auth.Decision;
import dev.berth.server.auth.Need;
import dev.berth.server.engine.Content;
import dev.berth.server.engine.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns refusals into answers. The only place in the server where they become HTTP.
final class ErrorResponses {
  /// How long a client should wait before it tries again: long enough for a short outage of a disk
  /// or a burst of pushes to pass.
  private static final String RETRY_SECONDS = "5";

  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int CONTENT_TOO_LARGE = 413;
  private static final int URI_TOO_LONG = 414;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;

  private ErrorResponses() {}

  /// The answer to a refusal by the registry.
  static HttpResponse of(RegistryException refusal) {
    return json(refusal.status(), refusal.problems());
  }

  /// The answer to a request that the grammar does not allow.
  static HttpResponse of(Problem problem) {
    return json(problem.code().status(), List.of(problem));
  }

  /// The answer to a failure that nobody foresaw: nothing of its cause.
  static HttpResponse unexpected() {
    return of(new Problem(ErrorCode.UNKNOWN, ErrorCode.UNKNOWN.message(), null));
  }

  /// The answer of registry 2.8.2 while a health check fails.
  static HttpResponse unhealthy() {
    return of(
        new Problem(
            ErrorCode.UNAVAILABLE,
            ErrorCode.UNAVAILABLE.message(),
            "health check failed: please see /debug/health"));
  }

  /// The answer to somebody who did not say, or could not prove, who they are.
  private static HttpResponse unauthorized(String challenge, List<Need> needs) {
    Problem problem =
        new Problem(ErrorCode.UNAUTHORIZED, ErrorCode.UNAUTHORIZED.message(), rights(needs));
    return of(problem).with("WWW-Authenticate", challenge);
  }

  /// The answer to somebody who is known and may not do what they ask for.
  private static HttpResponse denied(String reason, List<Need> missing) {
    return of(new Problem(ErrorCode.DENIED, reason, rights(missing)));
  }

  /// The answer to whom a decision does not let in.
  ///
  /// @param needs what was asked for
  /// @param origin scheme and host as the client sees them
  static HttpResponse refused(Decision decision, List<Need> needs, Optional<String> origin) {
    return switch (decision) {
      case Decision.Granted _ -> throw new IllegalArgumentException("nothing is refused");
      case Decision.Unknown(String challenge, _) -> unauthorized(challenge, needs);
      case Decision.TokenNeeded(BearerChallenge challenge) ->
          unauthorized(challenge.field(origin), challenge.needs());
      case Decision.Denied(_, String reason, List<Need> missing) -> denied(reason, missing);
      case Decision.Busy _ -> tooManyLogins();
      case Decision.Unavailable _ -> noLogins();
    };
  }

  /// The answer where whoever knows the passwords cannot be asked: come again.
  private static HttpResponse noLogins() {
    return of(
        new Problem(
            ErrorCode.UNAVAILABLE, "logins cannot be checked at this time: try again later", null));
  }

  /// As registry 2.8.2 lists what was asked for; null where that is nothing in particular.
  private static @Nullable Object rights(List<Need> needs) {
    return needs.isEmpty() ? null : needs.stream().map(ErrorResponses::right).toList();
  }

  private static Map<String, String> right(Need need) {
    Map<String, String> right = new LinkedHashMap<>();
    right.put("Type", need.type());
    right.put("Class", "");
    right.put("Name", need.name());
    right.put("Action", need.action().word());
    return right;
  }

  /// The answer where more passwords are to be checked than there is time for: come again.
  private static HttpResponse tooManyLogins() {
    return of(
        new Problem(
            ErrorCode.TOOMANYREQUESTS, "too many logins are being checked: try again later", null));
  }

  /// The answer where there are more requests than the registry can hold: come again.
  static HttpResponse busy() {
    return of(new Problem(ErrorCode.UNAVAILABLE, "the registry is busy: try again later", null));
  }

  /// The answer to a manifest larger than `limit` bytes. The connection is given up, since the body
  /// is not read.
  static HttpResponse manifestTooLarge(int limit) {
    Problem problem =
        new Problem(
            ErrorCode.MANIFEST_INVALID,
            "the manifest is larger than " + limit + " bytes, the limit of this registry",
            null);
    return json(CONTENT_TOO_LARGE, List.of(problem));
  }

  /// The answer to a body that ended early or came too slowly; its sender is mostly gone.
  static HttpResponse bodyBroken() {
    return of(
        new Problem(
            ErrorCode.SIZE_INVALID, "the request's body ended before its announced end", null));
  }

  /// The answer to a range that lies outside of a blob of `size` bytes.
  static HttpResponse rangeOutside(long size) {
    Problem problem =
        new Problem(
            ErrorCode.RANGE_INVALID, "the blob has " + size + " bytes: range outside", null);
    return json(RANGE_NOT_SATISFIABLE, List.of(problem))
        .with("Accept-Ranges", "bytes")
        .with("Content-Range", "bytes */" + size);
  }

  static HttpResponse notFound() {
    return text(NOT_FOUND, "404 page not found");
  }

  static HttpResponse malformed(String reason) {
    return text(BAD_REQUEST, reason);
  }

  static HttpResponse tooManyTags(int limit) {
    return text(URI_TOO_LONG, "at most " + limit + " tags in one push");
  }

  static HttpResponse wrongMethod(String allow) {
    return text(METHOD_NOT_ALLOWED, "Method not allowed").with("Allow", allow);
  }

  private static HttpResponse json(int status, List<Problem> problems) {
    List<String> headers = new ArrayList<>(List.of("Content-Type", ErrorBody.CONTENT_TYPE));
    if (status == UNAVAILABLE || status == TOO_MANY_REQUESTS) {
      headers.add("Retry-After");
      headers.add(RETRY_SECONDS);
    }
    return new HttpResponse(status, headers, new Content.Bytes(ErrorBody.of(problems)));
  }

  private static HttpResponse text(int status, String line) {
    return new HttpResponse(
        status,
        List.of("Content-Type", "text/plain; charset=utf-8", "X-Content-Type-Options", "nosniff"),
        new Content.Bytes((line + "\n").getBytes(StandardCharsets.UTF_8)));
  }
}
