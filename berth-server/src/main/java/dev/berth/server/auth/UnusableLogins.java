package dev.berth.server.auth;

/// Logins that cannot be read. The message is a sentence for the operator and holds no secret.
public final class UnusableLogins extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnusableLogins(String message) {
    super(message);
  }

  public UnusableLogins(String message, Throwable cause) {
    super(message, cause);
  }
}
