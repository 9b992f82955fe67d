package dev.berth.storage;

/// A place in a store, relative to its root: names joined by `/`, none of them empty, `.` or `..`,
/// none with a NUL or a `/` in it. So a path can never lead out of the root.
public record StoragePath(String value) {
  public StoragePath {
    if (!isPlain(value)) {
      checkNames(value);
    }
  }

  /// Whether a few searches, which the JDK does fast, already say that the path is well formed.
  private static boolean isPlain(String value) {
    return !value.isEmpty()
        && value.charAt(0) != '.'
        && value.charAt(0) != '/'
        && !value.endsWith("/")
        && !value.contains("//")
        && !value.contains("/.")
        && value.indexOf('\0') < 0;
  }

  private static void checkNames(String value) {
    int from = 0;
    while (from <= value.length()) {
      int slash = value.indexOf('/', from);
      int to = slash < 0 ? value.length() : slash;
      checkName(value, from, to);
      from = to + 1;
    }
  }

  /// The path of `name` (one name, or several joined by `/`) below this one.
  public StoragePath resolve(String name) {
    return new StoragePath(value + "/" + name);
  }

  /// The last name.
  public String name() {
    return value.substring(value.lastIndexOf('/') + 1);
  }

  @Override
  public String toString() {
    return value;
  }

  private static void checkName(String value, int from, int to) {
    int length = to - from;
    boolean dots =
        length > 0 && length <= 2 && value.charAt(from) == '.' && value.charAt(to - 1) == '.';
    if (length == 0 || dots) {
      throw new IllegalArgumentException("not a storage path: empty, . or .. name in it");
    }
    for (int i = from; i < to; i++) {
      if (value.charAt(i) == 0) {
        throw new IllegalArgumentException("not a storage path: NUL in it");
      }
    }
  }
}
