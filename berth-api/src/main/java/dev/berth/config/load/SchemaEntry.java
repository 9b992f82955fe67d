package dev.berth.config.load;

/// A place in `config.yml` that is known.
sealed interface SchemaEntry permits Key, Section {
  /// Names joined by `.`; `[]` after a name says that a list of sections stands there.
  String path();

  /// One sentence for the documentation.
  String meaning();

  Support support();
}
