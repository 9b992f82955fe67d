package dev.berth.e2e.hostile;

import dev.berth.e2e.harness.Digests;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// The words fuzzed requests are made of: good ones, ones at a limit and bad ones, for each place
/// of the request grammar; and what the server itself has named so far.
final class Vocabulary {
  /// A content that fuzzed requests push and refer to.
  static final byte[] SOME_CONTENT = {1};

  static final String SOME_DIGEST = Digests.sha256(SOME_CONTENT);

  private static final List<String> METHODS =
      List.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS");
  private static final List<String> ODD_METHODS =
      List.of("TRACE", "FOO", "get", "CONNECT", "PROPFIND", "X".repeat(300), "G\u0000T");

  private static final List<String> NAMES =
      List.of("fuzz", "fuzz/a", "fuzz/a/b-c_d.e", "a".repeat(255), "x/".repeat(100) + "y");
  private static final List<String> ODD_NAMES =
      List.of(
          "Fuzz",
          "a".repeat(256),
          "..",
          "../..",
          "fuzz/../../../etc",
          "%2e%2e/%2e%2e",
          "..%2f..%2fetc",
          "fuzz/%00",
          "fuzz//a",
          "/fuzz",
          "fuzz/",
          "_layers",
          "fuzz/_uploads",
          "fuzz/_manifests/tags",
          "-fuzz",
          "fuzz-",
          "a__b",
          "a___b",
          "%C3%A4",
          "fu%zz",
          "fuzz%",
          "fuzz?x=y",
          "blobs/uploads",
          "manifests/manifests",
          "tags/list/tags",
          ".",
          "~root",
          "C:\\x",
          "fuzz;a=b");

  private static final List<String> TAGS = List.of("latest", "v1", "t".repeat(128), "_x", "1.2-3");
  private static final List<String> ODD_TAGS =
      List.of("t".repeat(129), ".hidden", "-x", "a:b", "..", "%2e%2e", "a%2fb", "%", "", "ä");

  private static final List<String> ODD_DIGESTS =
      List.of(
          "sha256:",
          "sha256:00",
          "sha256:" + "0".repeat(64),
          "sha256:" + "A".repeat(64),
          "sha256:" + "0".repeat(65),
          "sha256:../../../../../../etc/passwd",
          "sha256:%2e%2e%2f%2e%2e",
          "sha512:" + "0".repeat(128),
          "sha512:" + "0".repeat(64),
          "md5:" + "0".repeat(32),
          "sha256+b64:" + "0".repeat(64),
          ":" + "0".repeat(64),
          "sha256",
          "../sha256:" + "0".repeat(64));

  private static final List<String> ODD_UPLOADS =
      List.of(
          "00000000-0000-4000-8000-000000000000",
          "..",
          "%2e%2e",
          "x".repeat(300),
          "a%2fb",
          ".",
          "%00",
          "startedat");

  private static final List<String> NUMBERS =
      List.of("0", "1", "5", "100", "1001", "-1", "x", "", "99999999999999999999", "1e3", "%31");

  private final RandomGenerator random;

  /// Session locations and digests that the server answered with, the newest last.
  private final List<String> locations = new ArrayList<>();

  private final List<String> digests = new ArrayList<>(List.of(SOME_DIGEST));

  Vocabulary(RandomGenerator random) {
    this.random = random;
  }

  void learnLocation(String location) {
    remember(locations, location);
  }

  void learnDigest(String digest) {
    remember(digests, digest);
  }

  String method() {
    return pick(METHODS, ODD_METHODS, 60);
  }

  String name() {
    return pick(NAMES, ODD_NAMES, 5);
  }

  String tag() {
    return pick(TAGS, ODD_TAGS, 5);
  }

  String digest() {
    return pick(digests, ODD_DIGESTS, 4);
  }

  String number() {
    return pick(NUMBERS);
  }

  String upload() {
    return pick(ODD_UPLOADS);
  }

  /// The path and query of a session that the server opened, or of one that nobody did.
  String session() {
    return locations.isEmpty() || chance(5)
        ? "/v2/" + name() + "/blobs/uploads/" + upload()
        : pick(locations);
  }

  boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  private String pick(List<String> good, List<String> odd, int oddOneIn) {
    return pick(chance(oddOneIn) ? odd : good);
  }

  private static void remember(List<String> words, String word) {
    words.add(word);
    if (words.size() > 50) {
      words.removeFirst();
    }
  }
}
