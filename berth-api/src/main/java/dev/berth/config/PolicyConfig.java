package dev.berth.config;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who may do what. What no rule allows is refused.
///
/// @param groups the users of each group; a directory may know more groups, and more users of these
/// @param anonymousPing whether `/v2/` answers 200 to somebody without a login, so that docker's
///   classic store pulls without one, and then never logs in
public record PolicyConfig(
    Map<String, List<String>> groups,
    List<Rule> rules,
    List<ImmutableTags> immutable,
    boolean anonymousPing) {
  /// Each is looked at for each request.
  private static final int MOST_RULES = 1000;

  /// In the place of a user: everybody, with a login or without.
  public static final String ANYONE = "anyone";

  /// In the place of a user: everybody who has a login.
  public static final String AUTHENTICATED = "authenticated";

  /// Begins the name of a group in the place of a user, whose name never holds a colon.
  public static final String GROUP = "group:";

  public PolicyConfig {
    groups = copy(groups);
    rules = List.copyOf(rules);
    immutable = List.copyOf(immutable);
    if (rules.size() + immutable.size() > MOST_RULES) {
      throw new InvalidSetting("rules", "more than " + MOST_RULES + " rules; use groups");
    }
  }

  private static Map<String, List<String>> copy(Map<String, List<String>> groups) {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    groups.forEach(
        (name, users) -> {
          copy.put(name, List.copyOf(users));
          if (!users.stream().allMatch(PolicyConfig::isName)) {
            throw new InvalidSetting(
                "groups", "the group " + name + " must hold names of users, one by one");
          }
        });
    return copy;
  }

  /// Whether it names one user or group, and is neither everybody nor a slip that was meant so.
  private static boolean isName(String name) {
    return !name.isEmpty()
        && !name.contains(":")
        && !name.equals("*")
        && !name.equalsIgnoreCase(ANYONE)
        && !name.equalsIgnoreCase(AUTHENTICATED);
  }

  /// What may be done to a repository.
  public enum Right {
    PULL,
    PUSH,
    DELETE,
    ADMIN;

    /// This right, and those that come with it: nobody can push without looking at what is there.
    public Set<Right> included() {
      return switch (this) {
        case PULL -> EnumSet.of(PULL);
        case PUSH -> EnumSet.of(PULL, PUSH);
        case DELETE -> EnumSet.of(DELETE);
        case ADMIN -> EnumSet.allOf(Right.class);
      };
    }
  }

  /// Allows something.
  ///
  /// @param place where it stands, as in `config.yml:7`
  /// @param who users, groups after [#GROUP], [#ANYONE] or [#AUTHENTICATED]
  /// @param may what they may do
  /// @param repositories where
  public record Rule(String place, List<String> who, List<Right> may, List<Glob> repositories) {
    public Rule {
      who = List.copyOf(who);
      may = List.copyOf(may);
      repositories = List.copyOf(repositories);
      requireSome("who", who);
      requireSome("may", may);
      requireSome("in", repositories);
      for (String one : who) {
        String name = one.startsWith(GROUP) ? one.substring(GROUP.length()) : one;
        boolean many = one.equals(ANYONE) || one.equals(AUTHENTICATED);
        if (!many && !isName(name)) {
          throw new InvalidSetting(
              "who", "\"" + one + "\" is nobody; give a user, group:NAME, anyone or authenticated");
        }
      }
    }
  }

  /// Tags that stay where they are.
  ///
  /// @param repositories of which repositories
  /// @param tags which tags
  public record ImmutableTags(List<Glob> repositories, List<Glob> tags) {
    public ImmutableTags {
      repositories = List.copyOf(repositories);
      tags = List.copyOf(tags);
      requireSome("in", repositories);
      requireSome("tags", tags);
    }
  }

  private static void requireSome(String component, List<?> list) {
    if (list.isEmpty()) {
      throw new InvalidSetting(component, "missing; give at least one");
    }
  }
}
