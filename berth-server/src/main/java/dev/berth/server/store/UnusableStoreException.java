package dev.berth.server.store;

/// The store cannot be served; the message is one line for the operator: what, where, what to do.
public final class UnusableStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnusableStoreException(String message) {
    super(message);
  }
}
