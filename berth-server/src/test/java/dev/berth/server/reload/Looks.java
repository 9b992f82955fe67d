package dev.berth.server.reload;

/// Looks at what is watched until a change is taken.
public final class Looks {
  private Looks() {}

  /// What changed is taken when it was seen twice.
  public static void twice(Runnable look) {
    look.run();
    look.run();
  }
}
