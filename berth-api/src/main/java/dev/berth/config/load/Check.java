package dev.berth.config.load;

import java.util.List;
import java.util.Map;

/// Goes over a whole document: names every unknown key, every value of the wrong kind, and every
/// key that is known and not supported.
final class Check {
  private final Report report;

  private Check(Report report) {
    this.report = report;
  }

  static void document(Node.Mapping root, Report report) {
    new Check(report).children(root, Schema.BERTH.root());
  }

  private void children(Node.Mapping mapping, Schema.Place place) {
    for (Map.Entry<String, Node.Entry> e : mapping.entries().entrySet()) {
      Schema.Place child = place.children.get(e.getKey());
      String path = place.path.isEmpty() ? e.getKey() : place.path + "." + e.getKey();
      if (child != null) {
        value(e.getValue(), child);
      } else {
        unknown(e.getValue(), place, path);
      }
    }
  }

  private void unknown(Node.Entry entry, Schema.Place place, String path) {
    switch (place.path) {
      case "storage" -> {
        // Taken for a driver, which is checked where the driver is chosen.
      }
      case "auth" ->
          report.problem(
              entry.key(),
              path,
              "no kind of login has this name; use htpasswd, token or none, and for a directory"
                  + " berth.auth.ldap");
      default -> {
        String nearest = Nearest.path(path, Schema.BERTH.paths());
        String message = "unknown key; the nearest known one is " + nearest;
        if (isOfDoors(path, nearest)) {
          report.problem(entry.key(), path, message);
        } else {
          report.unknown(entry.key(), path, message);
        }
      }
    }
  }

  /// A letter too many must not leave the registry open.
  private static boolean isOfDoors(String path, String nearest) {
    boolean ours = path.startsWith("berth.") || path.startsWith("policy.");
    return nearest.equals("berth")
        || (ours
            && (nearest.startsWith(AccessKeys.POLICY)
                || nearest.startsWith("berth.auth")
                || nearest.equals("berth.rollback")));
  }

  private void value(Node.Entry entry, Schema.Place place) {
    Node node = entry.value();
    SchemaEntry known = place.entry();
    if (node instanceof Node.Scalar && node.isEmpty()) {
      if (known instanceof Section(var path, _, Support.Refused(var advice))) {
        report.problem(entry.key(), path, advice);
      }
      return;
    }
    switch (known) {
      case null -> section(node, place);
      case Key<?> key -> key(key, entry);
      case Section section -> {
        if (verdict(section, section.support(), entry) && !isDriver(place)) {
          section(node, place);
        }
      }
    }
  }

  /// A refused driver is reported as a whole, so what stands below it does not matter.
  private static boolean isDriver(Schema.Place place) {
    return place.path.equals("storage.s3");
  }

  private void section(Node node, Schema.Place place) {
    if (place.isList()) {
      items(node, place);
    } else if (node instanceof Node.Mapping mapping) {
      children(mapping, place);
    } else {
      String names = String.join(", ", place.children.keySet());
      report.problem(node.origin(), place.path, "expected a map with some of: " + names);
    }
  }

  private void items(Node node, Schema.Place place) {
    if (!(node instanceof Node.Sequence(_, List<Node> items))) {
      report.problem(node.origin(), place.path, "expected a list of maps");
      return;
    }
    for (Node item : items) {
      if (item instanceof Node.Mapping mapping) {
        children(mapping, place);
      } else {
        report.problem(item.origin(), place.path, "expected a map in this list");
      }
    }
  }

  private void key(Key<?> key, Node.Entry entry) {
    try {
      key.type().parse(entry.value());
      warnOfNanoseconds(key, entry.value());
      if (!key.isHarmless(entry.value())) {
        verdict(key, key.support(), entry);
      }
    } catch (ValueType.Mismatch e) {
      report.problem(e.where(), key.path(), String.valueOf(e.getMessage()));
    }
  }

  /// Less than a millisecond is hardly ever meant, though registry 2.8.2 reads it so too.
  private void warnOfNanoseconds(Key<?> key, Node value) {
    if (key.type().equals(ValueTypes.DURATION)
        && value instanceof Node.Scalar(Origin where, String text, boolean _)
        && text.matches("[1-9][0-9]{0,5}")) {
      report.warning(
          where,
          plain(key),
          "a number without a unit is nanoseconds; write " + text + "s for seconds");
    }
  }

  /// Whether what stands below is worth a look.
  private boolean verdict(SchemaEntry known, Support support, Node.Entry entry) {
    return switch (support) {
      case Support.Supported _, Support.OldName _, Support.Part _, Support.NoEffect _ -> true;
      case Support.Ignored(String consequence) -> {
        if (!entry.value().isEmpty()) {
          report.warning(entry.key(), plain(known), "ignored: " + consequence);
        }
        yield true;
      }
      case Support.Refused(String advice) -> {
        if (!Refusals.isHarmless(known.path(), entry.value())) {
          report.problem(entry.key(), plain(known), advice);
        }
        yield false;
      }
    };
  }

  private static String plain(SchemaEntry known) {
    return known.path().replace("[]", "");
  }
}
