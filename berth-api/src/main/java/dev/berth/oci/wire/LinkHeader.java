package dev.berth.oci.wire;

/// The header field that names the next page (RFC 8288).
public final class LinkHeader {
  public static final String NAME = "Link";

  private LinkHeader() {}

  /// The value that says where the next page is.
  ///
  /// @param uri percent-encoded
  public static String next(String uri) {
    return "<" + uri + ">; rel=\"next\"";
  }
}
