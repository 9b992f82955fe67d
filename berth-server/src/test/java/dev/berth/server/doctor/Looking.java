package dev.berth.server.doctor;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;

/// Runs a check and shows what it found, a line each: `WARN what: todo`.
final class Looking {
  private Looking() {}

  static List<String> with(Check check) {
    var findings = new Findings("test");
    try {
      check.look(findings);
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
    return lines(findings.all());
  }

  static List<String> lines(List<Finding> findings) {
    return findings.stream()
        .map(each -> each.verdict() + " " + each.what() + ": " + each.todo())
        .toList();
  }

  /// Those that begin with one of the words.
  static List<String> only(List<String> lines, String... verdicts) {
    return lines.stream().filter(line -> List.of(verdicts).contains(line.split(" ")[0])).toList();
  }
}
