package dev.berth.server.doctor;

import dev.berth.server.doctor.Finding.Verdict;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// What the checks of one group have found so far. Safe for use by many threads: a check that hangs
/// may go on when nobody waits for it any more.
final class Findings {
  private final String group;
  private final List<Finding> all = new CopyOnWriteArrayList<>();

  Findings(String group) {
    this.group = group;
  }

  void ok(String what) {
    add(Verdict.OK, what, "");
  }

  void note(String what) {
    add(Verdict.NOTE, what, "");
  }

  void warn(String what, String todo) {
    add(Verdict.WARN, what, todo);
  }

  void fail(String what, String todo) {
    add(Verdict.FAIL, what, todo);
  }

  void skip(String what) {
    add(Verdict.SKIP, what, "");
  }

  private void add(Verdict verdict, String what, String todo) {
    all.add(new Finding(verdict, group, what, todo));
  }

  List<Finding> all() {
    return List.copyOf(all);
  }
}
