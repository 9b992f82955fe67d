package dev.berth.server.load;

/// Text in a page.
final class Html {
  private Html() {}

  /// Text that is shown as it is, in elements and in attributes.
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
