package dev.berth.config.load;

import dev.berth.config.InvalidSetting;

/// How a value of one kind is read and written.
///
/// @param expected what a reader should give, for example `true or false`
/// @param hidden the value is a secret and shows in no message
record ValueType<T>(String expected, boolean hidden, Parser<T> parser, Printer<T> printer) {
  /// Reads a value.
  @FunctionalInterface
  interface Parser<T> {
    /// Reads a value.
    ///
    /// @throws IllegalArgumentException it is of another kind
    T parse(Node node);
  }

  /// Writes a value as YAML in one line.
  @FunctionalInterface
  interface Printer<T> {
    String print(T value);
  }

  /// Reads a value.
  ///
  /// @throws Mismatch the value is of another kind
  T parse(Node node) {
    try {
      return parser.parse(node);
    } catch (InvalidSetting e) {
      throw new Mismatch(node.origin(), e.getMessage() + " (given: " + shown(node) + ")");
    } catch (IllegalArgumentException e) {
      throw new Mismatch(node.origin(), "expected " + expected + ", got " + shown(node));
    }
  }

  private String shown(Node node) {
    if (hidden) {
      return "something else (not shown)";
    }
    return switch (node) {
      case Node.Sequence _ -> "a list";
      case Node.Mapping _ -> "a map";
      case Node.Scalar s when s.isNull() -> "nothing";
      case Node.Scalar s -> (s.plain() ? "" : "the text ") + quoted(s.text());
    };
  }

  private static String quoted(String text) {
    int most = 80;
    String open = withoutLogin(text);
    String start = open.length() > most ? open.substring(0, most) + "…" : open;
    return '"' + start + '"';
  }

  /// What stands between `//` and `@`, or holds a `:` before it, may be a password.
  private static String withoutLogin(String text) {
    int at = text.lastIndexOf('@');
    return at < 0 || text.lastIndexOf(':', at) < 0 ? text : "…" + text.substring(at);
  }

  /// A value of the wrong kind; the message says what was expected and what was given.
  static final class Mismatch extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Origin where;

    /// @param where the value stands, which may be one of many in a list or map
    Mismatch(Origin where, String message) {
      super(message);
      this.where = where;
    }

    Origin where() {
      return where;
    }
  }
}
