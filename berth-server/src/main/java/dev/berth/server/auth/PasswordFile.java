package dev.berth.server.auth;

import dev.berth.server.reload.UnusableFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The names and hashes of an `htpasswd` file. Messages hold names and numbers of lines, and never
/// a hash.
///
/// @param hashes the hash of each name, by bcrypt or argon2id
/// @param closed names with which nobody can log in: their last line has no such hash
/// @param dummy what to check for a name that is not in the file, so that it takes as long as for
///   the one that takes longest
/// @param useless what stands in the file and is no login, one sentence each
record PasswordFile(
    Map<String, String> hashes, Set<String> closed, String dummy, List<String> useless) {
  /// A hash of nothing that anybody knows.
  private static final String DUMMY =
      "$2y$10$abcdefghijklmnopqrstuuE7ZCMdk6oHS5Am4Ck4b/7sYv1S2nS4e";

  private static final long MICROS_OF_A_STEP = 50;

  /// Each step of the cost doubles the time; 17 takes some ten seconds.
  private static final Pattern BCRYPT =
      Pattern.compile("\\$2[abxy]?\\$(0[4-9]|1[0-7])\\$[./A-Za-z0-9]{53}");

  PasswordFile {
    hashes = Map.copyOf(hashes);
    closed = Set.copyOf(closed);
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
    return new PasswordFile(hashes, closed, dummy(hashes), useless);
  }

  Optional<String> hash(String name) {
    return Optional.ofNullable(hashes.get(name));
  }

  private static String dummy(Map<String, String> hashes) {
    return hashes.values().stream()
        .max(Comparator.comparingLong(PasswordFile::micros))
        .map(PasswordFile::dummyLike)
        .orElse(DUMMY);
  }

  private static String dummyLike(String costliest) {
    return Argon2Hash.parse(costliest)
        .map(hash -> hash.dummy().text())
        .orElseGet(() -> DUMMY.replace("$10$", "$" + cost(costliest) + "$"));
  }

  /// About how long a check takes.
  private static long micros(String hash) {
    return Argon2Hash.parse(hash)
        .map(argon2 -> (long) argon2.kibibytes() * argon2.rounds())
        .orElseGet(() -> MICROS_OF_A_STEP << Integer.parseInt(cost(hash)));
  }

  private static String cost(String hash) {
    return hash.split("\\$", -1)[2];
  }

  @Override
  public String toString() {
    return "PasswordFile[" + hashes.size() + " names]";
  }
}
