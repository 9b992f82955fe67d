package dev.berth.server.token;

/// A token is not good. The message says why, and holds nothing of the token.
final class InvalidToken extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidToken(String message) {
    super(message);
  }

  InvalidToken(String message, Throwable cause) {
    super(message, cause);
  }
}
