package dev.berth.server.load;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;

/// One request.
///
/// @param repository whose it is; empty for none
/// @param hopedFor the status that means success
/// @param missingIsFine whether 404 is success as well
record Call(
    RequestKind kind,
    String method,
    URI uri,
    String repository,
    Payload payload,
    int hopedFor,
    boolean missingIsFine) {
  private static final int OK = 200;

  /// @param type its media type; empty for none
  /// @param bytes its length
  record Payload(String type, BodyPublisher body, long bytes) {
    static final Payload NONE = new Payload("", BodyPublishers.noBody(), 0);
  }

  static Call get(RequestKind kind, URI uri, String repository) {
    return new Call(kind, "GET", uri, repository, Payload.NONE, OK, false);
  }

  static Call head(RequestKind kind, URI uri, String repository) {
    return new Call(kind, "HEAD", uri, repository, Payload.NONE, OK, true);
  }

  Call at(URI other) {
    return new Call(kind, method, other, repository, payload, hopedFor, missingIsFine);
  }

  /// Whether it changes the repository, which needs another token.
  boolean writes() {
    return !method.equals("GET") && !method.equals("HEAD");
  }

  @Override
  public String toString() {
    return method + " " + uri;
  }
}
