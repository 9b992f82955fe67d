package dev.berth.oci.wire;

/// The kinds of path and the verbs that each takes.
public enum Endpoint {
  BASE("GET, HEAD", "GET, HEAD"),
  CATALOG("GET, HEAD", "GET, HEAD"),
  TAGS("GET, HEAD", "GET, HEAD"),
  REFERRERS("GET, HEAD", "GET, HEAD"),
  MANIFEST("DELETE, GET, HEAD, PUT", "GET, HEAD"),
  BLOB("DELETE, GET, HEAD", "GET, HEAD"),
  UPLOADS("POST", ""),
  UPLOAD("DELETE, GET, HEAD, PATCH, PUT", "GET, HEAD");

  private final String allow;
  private final String readOnlyAllow;
  private final int verbs;
  private final int readOnlyVerbs;

  Endpoint(String allow, String readOnlyAllow) {
    this.allow = allow;
    this.readOnlyAllow = readOnlyAllow;
    this.verbs = bits(allow);
    this.readOnlyVerbs = bits(readOnlyAllow);
  }

  boolean takes(String verb, boolean readOnly) {
    return ((readOnly ? readOnlyVerbs : verbs) & bit(verb)) != 0;
  }

  /// The value for `Allow`, in alphabetical order as registry 2.8.2 writes it.
  String allow(boolean readOnly) {
    return readOnly ? readOnlyAllow : allow;
  }

  private static int bits(String allow) {
    int bits = 0;
    for (String verb : allow.split(", ", -1)) {
      bits |= bit(verb);
    }
    return bits;
  }

  private static int bit(String verb) {
    return switch (verb) {
      case "GET" -> 1;
      case "HEAD" -> 1 << 1;
      case "POST" -> 1 << 2;
      case "PUT" -> 1 << 3;
      case "PATCH" -> 1 << 4;
      case "DELETE" -> 1 << 5;
      default -> 0;
    };
  }
}
