package dev.berth.server.reload;

/// A file that the configuration names, or a line in it, cannot be used. The message is a sentence
/// for the operator: which file, what is wrong, what to do; it holds no secret.
public final class UnusableFile extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnusableFile(String message) {
    super(message);
  }

  public UnusableFile(String message, Throwable cause) {
    super(message, cause);
  }
}
