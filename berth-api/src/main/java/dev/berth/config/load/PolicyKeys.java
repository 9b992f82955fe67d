package dev.berth.config.load;

import static dev.berth.config.load.ValueTypes.BOOLEAN;
import static dev.berth.config.load.ValueTypes.INTEGER;
import static dev.berth.config.load.ValueTypes.URL_PATTERN;

import dev.berth.config.CatalogConfig;
import dev.berth.config.UrlPattern;
import dev.berth.config.ValidationConfig;
import java.util.List;

/// Keys under `catalog` and `validation` that work.
final class PolicyKeys {
  private static final Key<Integer> MAX_ENTRIES =
      Key.of(
          "catalog.maxentries",
          INTEGER,
          CatalogConfig.DEFAULTS.maxEntries(),
          "Most names in one answer of `_catalog`.");
  private static final Key<Boolean> ENABLED =
      Key.optional("validation.enabled", BOOLEAN, "Obeys the rules below; wins over `disabled`.");
  private static final Key<Boolean> DISABLED =
      Key.of(
          "validation.disabled",
          BOOLEAN,
          false,
          "Lets every http and https URL through, whatever stands below.");
  private static final Key<List<UrlPattern>> ALLOW =
      Key.optional(
          "validation.manifests.urls.allow",
          ValueTypes.listOf(URL_PATTERN),
          "A foreign layer's URL must match one of these.");
  private static final Key<List<UrlPattern>> DENY =
      Key.optional(
          "validation.manifests.urls.deny",
          ValueTypes.listOf(URL_PATTERN),
          "A foreign layer's URL may match none of these.");

  static final List<SchemaEntry> ALL = List.of(MAX_ENTRIES, ENABLED, DISABLED, ALLOW, DENY);

  private PolicyKeys() {}

  static CatalogConfig catalog(Settings settings) {
    int given = settings.get(MAX_ENTRIES);
    // Registry 2.8.2: 0 and less stand for the default.
    int most = given <= 0 ? CatalogConfig.DEFAULTS.maxEntries() : given;
    return settings.build("catalog", CatalogConfig.DEFAULTS, () -> new CatalogConfig(most));
  }

  /// Without a `validation` section every URL is fine. With one, neither `allow` nor `deny` lets
  /// nothing through, as registry 2.8.2 has it.
  static ValidationConfig validation(Settings settings) {
    Node section = settings.node("validation");
    Boolean enabled = settings.find(ENABLED);
    boolean on = Boolean.TRUE.equals(enabled) || !settings.get(DISABLED);
    if (section == null || section.isEmpty() || !on) {
      return ValidationConfig.DEFAULTS;
    }
    List<UrlPattern> allow = settings.find(ALLOW);
    List<UrlPattern> deny = settings.find(DENY);
    return new ValidationConfig(
        true, allow == null ? List.of() : allow, deny == null ? List.of() : deny);
  }
}
