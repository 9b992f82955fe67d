package dev.berth.oci;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request that the registry refuses, with the codes that the client sees. One class of the HTTP
/// layer makes the answer of it; nothing else reads its status.
public final class RegistryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// One entry of the `errors` array.
  ///
  /// @param message what went wrong, which object, what the reader can do
  /// @param detail a JSON value made of String, Number, Boolean, Map and List; null for none
  public record Problem(ErrorCode code, String message, @Nullable Object detail) {}

  private final int status;
  private final transient List<Problem> problems;

  public RegistryException(ErrorCode code) {
    this(code, code.message());
  }

  public RegistryException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public RegistryException(ErrorCode code, String message, @Nullable Object detail) {
    this(code.status(), List.of(new Problem(code, message, detail)));
  }

  /// Several problems at once (a manifest with three missing layers), under one HTTP status.
  public RegistryException(int status, List<Problem> problems) {
    super(problems.getFirst().code() + ": " + problems.getFirst().message());
    this.status = status;
    this.problems = List.copyOf(problems);
  }

  /// The HTTP status of the answer.
  public int status() {
    return status;
  }

  /// At least one problem; the first decides the status.
  public List<Problem> problems() {
    return problems;
  }

  /// The code of the first problem.
  public ErrorCode code() {
    return problems.getFirst().code();
  }
}
