package dev.berth.config.load;

/// Where it takes a closer look to say whether something unsupported is asked for.
final class Refusals {
  private Refusals() {}

  /// Whether a value asks for nothing: all entries of `middleware` are disabled.
  static boolean isHarmless(String path, Node node) {
    return path.equals("middleware") && allDisabled(node);
  }

  private static boolean allDisabled(Node node) {
    return switch (node) {
      case Node.Scalar s -> s.isEmpty();
      case Node.Sequence s ->
          s.items().stream().allMatch(item -> item instanceof Node.Mapping m && isDisabled(m));
      case Node.Mapping m ->
          m.entries().values().stream().map(Node.Entry::value).allMatch(Refusals::allDisabled);
    };
  }

  private static boolean isDisabled(Node.Mapping item) {
    try {
      Node disabled = item.find("disabled");
      return disabled != null && ValueTypes.BOOLEAN.parse(disabled);
    } catch (ValueType.Mismatch e) {
      return false;
    }
  }
}
