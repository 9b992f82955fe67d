package dev.berth.oci.wire;

import java.util.List;

/// The kinds of path and the verbs that each takes, in alphabetical order as `Allow` names them.
enum Endpoint {
  BASE(List.of("GET", "HEAD")),
  CATALOG(List.of("GET", "HEAD")),
  TAGS(List.of("GET", "HEAD")),
  REFERRERS(List.of("GET", "HEAD")),
  MANIFEST(List.of("DELETE", "GET", "HEAD", "PUT")),
  BLOB(List.of("DELETE", "GET", "HEAD")),
  UPLOADS(List.of("POST")),
  UPLOAD(List.of("DELETE", "GET", "HEAD", "PATCH", "PUT"));

  private final List<String> verbs;
  private final List<String> readingVerbs;

  Endpoint(List<String> verbs) {
    this.verbs = verbs;
    this.readingVerbs =
        verbs.stream().filter(verb -> verb.equals("GET") || verb.equals("HEAD")).toList();
  }

  boolean takes(String verb, boolean readOnly) {
    return (readOnly ? readingVerbs : verbs).contains(verb);
  }

  /// The value for `Allow`.
  String allow(boolean readOnly) {
    return String.join(", ", readOnly ? readingVerbs : verbs);
  }
}
