package dev.berth.server.doctor;

/// One thing that was looked at.
///
/// @param group what it is about, one word
/// @param what was seen, one line
/// @param todo what to do about it, one line; empty where nothing need be done
public record Finding(Verdict verdict, String group, String what, String todo) {
  /// How it was found.
  public enum Verdict {
    /// As it shall be.
    OK,
    /// Worth knowing, and harmless.
    NOTE,
    /// Works now, and will not always.
    WARN,
    /// Does not work.
    FAIL,
    /// Could not be looked at.
    SKIP
  }

  /// Servers and files have a part in the texts: what would move the cursor of a terminal is left
  /// out.
  public Finding {
    what = oneLine(what);
    todo = oneLine(todo);
  }

  private static String oneLine(String text) {
    return text.replaceAll("[\\p{C}\\s]+", " ").strip();
  }
}
