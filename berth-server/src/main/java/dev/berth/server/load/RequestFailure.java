package dev.berth.server.load;

/// A request did not get the answer that it hoped for. The message is an example for the report:
/// what was asked, and what came.
final class RequestFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /// What it says about what was asked for.
  enum Nature {
    /// It is not there.
    MISSING,
    /// It is there with other bytes.
    WRONG_BYTES,
    /// The server does no such thing.
    UNSUPPORTED,
    /// Nothing: the server could not tell.
    UNTOLD
  }

  private final RequestKind kind;
  private final String reason;
  private final Nature nature;

  /// @param reason under which it is counted, such as `503 UNAVAILABLE` or `connection refused`
  RequestFailure(RequestKind kind, String reason, Nature nature, String message) {
    super(message);
    this.kind = kind;
    this.reason = reason;
    this.nature = nature;
  }

  RequestKind kind() {
    return kind;
  }

  String reason() {
    return reason;
  }

  Nature nature() {
    return nature;
  }
}
