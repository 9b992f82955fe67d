package dev.berth.config.load;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Writes the tables of `docs/configuration.md` from the schema.
final class ConfigurationPage {
  private ConfigurationPage() {}

  static String tables() {
    return works()
        + table(
            "Keys that are taken with a warning",
            "They do nothing yet, and their absence does no harm.",
            "What happens",
            entry -> entry.support() instanceof Support.Ignored)
        + table(
            "Keys that stop the start",
            "Without them the registry would be open, or elsewhere, or would lose something. One line"
                + " names the key.",
            "What to do",
            entry -> entry.support() instanceof Support.Refused || isDriver(entry));
  }

  private static String works() {
    StringBuilder text = new StringBuilder("## Keys that work\n\n");
    text.append("| Key | Default | Values | Meaning |\n|---|---|---|---|\n");
    for (SchemaEntry entry : entries(ConfigurationPage::works)) {
      boolean key = entry instanceof Key<?>;
      String fallback = entry instanceof Key<?> k ? k.showFallback() : "";
      text.append("| `").append(entry.path()).append("` | ");
      text.append(fallback.isEmpty() ? "" : "`" + fallback + "`").append(" | ");
      text.append(key ? cell(((Key<?>) entry).type().expected()) : "").append(" | ");
      text.append(cell(entry.meaning())).append(effect(entry.support())).append(" |\n");
    }
    return text.append('\n').toString();
  }

  private static String table(
      String title, String words, String column, Predicate<SchemaEntry> wanted) {
    StringBuilder text = new StringBuilder("## " + title + "\n\n" + words + "\n\n");
    text.append("| Key | Meaning | ").append(column).append(" |\n|---|---|---|\n");
    for (SchemaEntry entry : entries(wanted)) {
      text.append("| `").append(entry.path()).append("`").append(parts(entry)).append(" | ");
      text.append(cell(entry.meaning())).append(" | ");
      text.append(cell(advice(entry))).append(" |\n");
    }
    return text.append('\n').toString();
  }

  private static String parts(SchemaEntry section) {
    String names =
        entries(e -> e.support() instanceof Support.Part && isBelow(e, section)).stream()
            .map(e -> "`" + e.path().substring(section.path().length() + 1) + "`")
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "" : " with " + names;
  }

  private static boolean isBelow(SchemaEntry entry, SchemaEntry section) {
    return section instanceof Section && entry.path().startsWith(section.path() + ".");
  }

  private static String effect(Support support) {
    return switch (support) {
      case Support.NoEffect(String why) -> " No effect: " + cell(why) + ".";
      default -> "";
    };
  }

  private static String advice(SchemaEntry entry) {
    return switch (entry.support()) {
      case Support.Ignored(String consequence) -> sentence(consequence);
      case Support.Refused(String advice) -> sentence(advice);
      default -> sentence(Drivers.refusal(entry.path().substring("storage.".length())));
    };
  }

  private static boolean works(SchemaEntry entry) {
    return switch (entry.support()) {
      case Support.Supported _, Support.OldName _, Support.NoEffect _ -> true;
      case Support.Part _ -> entry.path().matches("(health|notifications|berth)\\..*");
      case Support.Ignored _, Support.Refused _ -> false;
    };
  }

  /// What is a part of nothing and is refused where drivers are chosen.
  private static boolean isDriver(SchemaEntry entry) {
    return entry.support() instanceof Support.Part && entry.path().matches("storage\\.[a-z0-9]+");
  }

  private static List<SchemaEntry> entries(Predicate<SchemaEntry> wanted) {
    return Schema.BERTH.entries().stream().filter(wanted).toList();
  }

  private static String sentence(String words) {
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1) + ".";
  }

  private static String cell(String words) {
    return words.replace("|", "\\|");
  }
}
