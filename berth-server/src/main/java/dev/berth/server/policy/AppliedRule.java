package dev.berth.server.policy;

import dev.berth.config.Glob;
import dev.berth.config.PolicyConfig;
import dev.berth.config.PolicyConfig.Right;
import dev.berth.config.PolicyConfig.Rule;
import dev.berth.server.auth.Caller;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A rule, made quick to look at.
///
/// @param anonymous whether it is for everybody
/// @param authenticated whether it is for everybody with a login
/// @param users those that it names, and those of the groups that it names
/// @param groups the groups that it names, for callers of whom a directory tells theirs
/// @param rights those that it gives, with what they include
/// @param everywhere whether it is for every repository
record AppliedRule(
    Rule rule,
    boolean anonymous,
    boolean authenticated,
    Set<String> users,
    Set<String> groups,
    Set<Right> rights,
    boolean everywhere) {

  static AppliedRule of(Rule rule, Map<String, List<String>> members) {
    Set<String> users = new HashSet<>();
    Set<String> groups = new HashSet<>();
    for (String one : rule.who()) {
      if (one.startsWith(PolicyConfig.GROUP)) {
        String group = one.substring(PolicyConfig.GROUP.length());
        groups.add(group);
        users.addAll(members.getOrDefault(group, List.of()));
      } else {
        users.add(one);
      }
    }
    Set<Right> rights = EnumSet.noneOf(Right.class);
    rule.may().forEach(right -> rights.addAll(right.included()));
    return new AppliedRule(
        rule,
        users.remove(PolicyConfig.ANYONE),
        users.remove(PolicyConfig.AUTHENTICATED),
        users,
        groups,
        rights,
        rule.repositories().stream().anyMatch(Glob::matchesAll));
  }

  /// Whether it gives somebody a right, in some repositories.
  boolean gives(Caller caller, Right right) {
    return rights.contains(right) && isFor(caller);
  }

  /// Whether it is for this caller.
  boolean isFor(Caller caller) {
    return anonymous
        || (!caller.isAnonymous()
            && (authenticated
                || users.contains(caller.name())
                || !Collections.disjoint(groups, caller.groups())));
  }

  /// Whether it is for this repository.
  boolean isFor(String repository) {
    return everywhere || anyMatches(rule.repositories(), repository);
  }

  static boolean anyMatches(List<Glob> patterns, String name) {
    for (Glob pattern : patterns) {
      if (pattern.matches(name)) {
        return true;
      }
    }
    return false;
  }
}
