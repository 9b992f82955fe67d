package dev.berth.config.load;

/// Where it takes a closer look to say whether something unsupported is asked for.
final class Refusals {
  private static final String ENDPOINTS = "notifications.endpoints";

  private Refusals() {}

  /// Whether a value asks for nothing: all entries of `middleware` are disabled.
  static boolean isHarmless(String path, Node node) {
    return path.equals("middleware") && allDisabled(node);
  }

  /// Reports each endpoint that would have to be told of pushes and pulls.
  static void endpoints(Settings settings) {
    if (settings.node(ENDPOINTS) instanceof Node.Sequence list) {
      for (Node item : list.items()) {
        if (item instanceof Node.Mapping mapping && !isDisabled(mapping)) {
          settings
              .report()
              .problem(
                  item.origin(),
                  ENDPOINTS,
                  "events are not supported yet; set disabled: true or take the endpoint out");
        }
      }
    }
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
