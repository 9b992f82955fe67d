package dev.berth.oci.wire;

import org.jspecify.annotations.Nullable;

/// A path below `/v2/`, cut into its parts but not yet checked.
///
/// Cut from the right, because a name may itself hold components like `blobs` or `tags`: in
/// `a/blobs/uploads/manifests/x` the name is `a/blobs/uploads`.
///
/// @param name the repository; empty where the endpoint has none
/// @param tail what stands after the verb: a digest, tag or upload id; may be empty
record RequestPath(Endpoint endpoint, String name, String tail) {
  private static final String BLOBS = "/blobs";
  private static final String UPLOADS = "/blobs/uploads";
  private static final String MANIFESTS = "/manifests";
  private static final String REFERRERS = "/referrers";
  private static final String TAGS = "/tags";

  /// Cuts what follows `/v2/`, decoded; null where it is no path of the protocol.
  static @Nullable RequestPath cut(String rest) {
    if (rest.isEmpty()) {
      return new RequestPath(Endpoint.BASE, "", "");
    }
    if (rest.equals("_catalog")) {
      return new RequestPath(Endpoint.CATALOG, "", "");
    }
    int slash = rest.lastIndexOf('/');
    String tail = rest.substring(slash + 1);
    if (endsWith(rest, slash, UPLOADS)) {
      Endpoint endpoint = tail.isEmpty() ? Endpoint.UPLOADS : Endpoint.UPLOAD;
      return of(endpoint, rest, slash, UPLOADS, tail);
    }
    if (tail.isEmpty() || (tail.equals("uploads") && endsWith(rest, slash, BLOBS))) {
      return null; // a slash too many, or the one after `uploads` missing
    }
    if (endsWith(rest, slash, MANIFESTS)) {
      return of(Endpoint.MANIFEST, rest, slash, MANIFESTS, tail);
    }
    if (endsWith(rest, slash, BLOBS)) {
      return of(Endpoint.BLOB, rest, slash, BLOBS, tail);
    }
    if (tail.equals("list") && endsWith(rest, slash, TAGS)) {
      return of(Endpoint.TAGS, rest, slash, TAGS, "");
    }
    return endsWith(rest, slash, REFERRERS)
        ? of(Endpoint.REFERRERS, rest, slash, REFERRERS, tail)
        : null;
  }

  /// Whether `rest` up to `end` is some name followed by `verb`.
  private static boolean endsWith(String rest, int end, String verb) {
    return end > verb.length() && rest.startsWith(verb, end - verb.length());
  }

  private static RequestPath of(
      Endpoint endpoint, String rest, int slash, String verb, String tail) {
    return new RequestPath(endpoint, rest.substring(0, slash - verb.length()), tail);
  }
}
