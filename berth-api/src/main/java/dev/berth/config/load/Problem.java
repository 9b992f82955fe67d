package dev.berth.config.load;

/// One thing that is wrong, in one line: where, which key, what, and what to do.
///
/// @param key as in `storage.delete.enabled`; empty where no single key is meant
public record Problem(Origin where, String key, String message) {
  public Problem {
    message = message.replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }

  @Override
  public String toString() {
    return where + ": " + (key.isEmpty() ? "" : key + ": ") + message;
  }
}
