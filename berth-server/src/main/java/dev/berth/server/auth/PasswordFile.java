package dev.berth.server.auth;

import dev.berth.oci.Digest;
import dev.berth.server.reload.UnusableFile;
import dev.berth.server.store.Digests;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The names and hashes of an `htpasswd` file. Messages hold names and numbers of lines, and never
/// a hash.
///
/// @param hashes the hash of each name, by bcrypt or argon2id
/// @param closed names with which nobody can log in: their last line has no such hash
/// @param dummies what is checked for names that are not in the file: each takes as long as one of
///   those that are
/// @param seed decides which; as secret as the file
/// @param useless what stands in the file and is no login, one sentence each
record PasswordFile(
    Map<String, String> hashes,
    Set<String> closed,
    List<String> dummies,
    String seed,
    List<String> useless) {
  /// A hash of nothing that anybody knows.
  private static final String DUMMY =
      "$2y$10$abcdefghijklmnopqrstuuE7ZCMdk6oHS5Am4Ck4b/7sYv1S2nS4e";

  /// Each step of the cost doubles the time; 17 takes some ten seconds.
  private static final Pattern BCRYPT =
      Pattern.compile("\\$2[abxy]?\\$(0[4-9]|1[0-7])\\$[./A-Za-z0-9]{53}");

  PasswordFile {
    hashes = Map.copyOf(hashes);
    closed = Set.copyOf(closed);
    dummies = List.copyOf(dummies);
    useless = List.copyOf(useless);
  }

  /// Reads a file: a line is `name:hash`, empty, or a comment that begins with `#`. The last of
  /// several lines with one name counts, as in registry 2.8.2.
  ///
  /// @throws UnusableFile a line is none of these; says which
  static PasswordFile parse(String text) {
    Map<String, String> hashes = new LinkedHashMap<>();
    Set<String> closed = new HashSet<>();
    List<String> useless = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String entry = line.strip();
      if (entry.isEmpty() || entry.startsWith("#")) {
        continue;
      }
      int colon = entry.indexOf(':');
      if (colon <= 0) {
        throw new UnusableFile(
            "line " + number + " is no name:hash; take it out or make it anew with htpasswd -B");
      }
      String name = entry.substring(0, colon);
      String hash = entry.substring(colon + 1);
      if (BCRYPT.matcher(hash).matches() || Argon2Hash.parse(hash).isPresent()) {
        hashes.put(name, hash);
        closed.remove(name);
      } else {
        hashes.remove(name);
        closed.add(name);
        useless.add(
            "line "
                + number
                + ": the hash of "
                + name
                + " is neither bcrypt of a cost from 4 to 17 nor argon2id of at most "
                + Argon2Hash.mostKibibytes()
                + " KiB, so nobody can log in with it; make it anew with htpasswd -B");
      }
    }
    if (hashes.isEmpty() && useless.isEmpty()) {
      useless.add("holds no login, so nobody can log in; add one with htpasswd -B FILE NAME");
    }
    return new PasswordFile(hashes, closed, dummies(hashes), sha256(text), useless);
  }

  /// Whether a line has this name, however it is written.
  boolean speaksOf(String name) {
    return Stream.concat(hashes.keySet().stream(), closed.stream())
        .anyMatch(name::equalsIgnoreCase);
  }

  Optional<String> hash(String name) {
    return Optional.ofNullable(hashes.get(name));
  }

  /// What to check for a name that is not in the file. The same each time, so that its time tells
  /// no more than that of a name that is there.
  String dummy(String name) {
    return dummies.get(Math.floorMod(sha256(seed + name).hashCode(), dummies.size()));
  }

  private static List<String> dummies(Map<String, String> hashes) {
    List<String> dummies = hashes.values().stream().map(PasswordFile::dummyLike).toList();
    return dummies.isEmpty() ? List.of(DUMMY) : dummies;
  }

  private static String sha256(String text) {
    return Digests.of(Digest.Algorithm.SHA256, text.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private static String dummyLike(String known) {
    return Argon2Hash.parse(known)
        .map(hash -> hash.dummy().text())
        .orElseGet(() -> DUMMY.replace("$10$", "$" + cost(known) + "$"));
  }

  private static String cost(String hash) {
    return hash.split("\\$", -1)[2];
  }

  @Override
  public String toString() {
    return "PasswordFile[" + hashes.size() + " names]";
  }
}
