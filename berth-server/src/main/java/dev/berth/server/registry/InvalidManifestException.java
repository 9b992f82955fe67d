package dev.berth.server.registry;

/// Bytes that are no manifest; the message is a sentence for the client.
final class InvalidManifestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidManifestException(String message) {
    super(message);
  }

  InvalidManifestException(String message, Throwable cause) {
    super(message, cause);
  }
}
