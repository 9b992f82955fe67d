package dev.berth.config;

/// The list of repositories.
///
/// @param maxEntries most names in one answer; what asks for more is refused
public record CatalogConfig(int maxEntries) {
  public static final CatalogConfig DEFAULTS = new CatalogConfig(1000);

  private static final int MOST = 1_000_000;

  public CatalogConfig {
    Bounds.between("maxEntries", maxEntries, 1, MOST);
  }
}
