package dev.berth.config.load;

import static dev.berth.config.load.ValueTypes.BOOLEAN;
import static dev.berth.config.load.ValueTypes.HEADERS;
import static dev.berth.config.load.ValueTypes.REPOSITORIES;
import static dev.berth.config.load.ValueTypes.TAGS;
import static dev.berth.config.load.ValueTypes.TEXT;
import static dev.berth.config.load.ValueTypes.choice;
import static dev.berth.config.load.ValueTypes.someOf;

import dev.berth.config.AuthConfig;
import dev.berth.config.Glob;
import dev.berth.config.NoAuth;
import dev.berth.config.PolicyConfig;
import dev.berth.config.PolicyConfig.ImmutableTags;
import dev.berth.config.PolicyConfig.Right;
import dev.berth.config.PolicyConfig.Rule;
import dev.berth.config.Rollback;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keys under `berth.policy`: who may do what.
final class AccessKeys {
  static final String POLICY = "berth.policy";

  private static final String RULES = POLICY + ".rules";
  private static final String IMMUTABLE = POLICY + ".immutable";
  private static final Key<Map<String, List<String>>> GROUPS =
      Key.optional(POLICY + ".groups", HEADERS, "The users of each group.");
  private static final Key<Boolean> ANONYMOUS_PING =
      Key.of(
          POLICY + ".anonymousping",
          BOOLEAN,
          false,
          "Answers `/v2/` to anybody: docker's classic store then pulls without a login, and docker,"
              + " podman and skopeo no longer send one.");
  private static final Key<List<String>> WHO =
      Key.part(
          RULES + "[].who",
          someOf(TEXT),
          "Users, `group:NAME`, `authenticated` (whoever has a login) or `anyone`.");
  private static final Key<List<Right>> MAY =
      Key.part(
          RULES + "[].may",
          someOf(choice(Right.class)),
          "`pull`, `push` (with pull), `delete`, `admin` (all of these).");
  private static final Key<List<Glob>> IN =
      Key.part(
          RULES + "[].in",
          someOf(REPOSITORIES),
          "Patterns of repositories: `*` for any characters but `/`, `**` for any. Without it: all.");
  private static final Key<List<Glob>> IMMUTABLE_IN =
      Key.part(IMMUTABLE + "[].in", someOf(REPOSITORIES), "Patterns of repositories.");
  private static final Key<List<Glob>> IMMUTABLE_TAGS =
      Key.part(IMMUTABLE + "[].tags", someOf(TAGS), "Patterns of tags.");
  private static final Key<Rollback> ROLLBACK =
      Key.of(
          "berth.rollback",
          choice(Rollback.class),
          Rollback.PROTECTED,
          "`unprotected` allows settings that protect nothing under 2.8.2, which passes over them,"
              + " without an `auth` section that it enforces.");

  static final List<SchemaEntry> ALL =
      List.of(
          GROUPS,
          new Section(
              RULES + "[]",
              "Who may do what. What no rule allows is refused. Read again when it changes.",
              Support.SUPPORTED),
          WHO,
          MAY,
          IN,
          new Section(
              IMMUTABLE + "[]",
              "Tags that stay: pushed once, never moved and never deleted.",
              Support.SUPPORTED),
          IMMUTABLE_IN,
          IMMUTABLE_TAGS,
          ANONYMOUS_PING,
          ROLLBACK);

  private AccessKeys() {}

  /// @param directoryGroups whether somebody else knows groups too
  static @Nullable PolicyConfig policy(Settings settings, boolean directoryGroups) {
    if (settings.node(POLICY) == null) {
      return null;
    }
    Node list = settings.node(RULES);
    if (list == null || list.isEmpty()) {
      settings
          .report()
          .problem(
              settings.origin(POLICY),
              RULES,
              "missing; without a rule nobody may do anything, so write at least one");
    }
    Map<String, List<String>> groups = settings.find(GROUPS);
    List<Rule> rules = new ArrayList<>();
    settings.items(RULES).forEach(item -> add(rules, rule(item)));
    List<ImmutableTags> immutable = new ArrayList<>();
    settings.items(IMMUTABLE).forEach(item -> add(immutable, immutable(item)));
    Map<String, List<String>> known = groups == null ? Map.of() : groups;
    if (!directoryGroups) {
      settings.items(RULES).forEach(item -> checkGroups(item, known));
    }
    return settings.<@Nullable PolicyConfig>build(
        POLICY,
        null,
        () -> new PolicyConfig(known, rules, immutable, settings.get(ANONYMOUS_PING)));
  }

  private static @Nullable Rule rule(Settings item) {
    if (isWrong(item, WHO) || isWrong(item, MAY) || isWrong(item, IN)) {
      return null;
    }
    return item.<@Nullable Rule>build(
        RULES + "[]",
        null,
        () ->
            new Rule(
                item.root().origin().toString(),
                given(item, WHO),
                given(item, MAY),
                everywhereUnlessGiven(item, IN)));
  }

  private static @Nullable ImmutableTags immutable(Settings item) {
    if (isWrong(item, IMMUTABLE_IN) || isWrong(item, IMMUTABLE_TAGS)) {
      return null;
    }
    return item.<@Nullable ImmutableTags>build(
        IMMUTABLE + "[]",
        null,
        () ->
            new ImmutableTags(
                everywhereUnlessGiven(item, IMMUTABLE_IN), given(item, IMMUTABLE_TAGS)));
  }

  /// The check of the whole document has said so already.
  private static boolean isWrong(Settings item, Key<?> key) {
    Node node = item.node(key.path());
    return node != null && !node.isEmpty() && item.find(key) == null;
  }

  private static <T> List<T> given(Settings item, Key<List<T>> key) {
    List<T> list = item.find(key);
    return list == null ? List.of() : list;
  }

  /// Nothing behind the key is not the same as no key here: a template that left it empty would
  /// give away everything.
  private static List<Glob> everywhereUnlessGiven(Settings item, Key<List<Glob>> key) {
    List<Glob> list = item.find(key);
    if (list == null) {
      return item.node(key.path()) == null ? List.of(Glob.EVERYTHING) : List.of();
    }
    return list;
  }

  /// A group with a wrong letter would allow nothing and say nothing.
  private static void checkGroups(Settings item, Map<String, List<String>> known) {
    for (String one : given(item, WHO)) {
      boolean unknown =
          one.startsWith(PolicyConfig.GROUP)
              && !known.containsKey(one.substring(PolicyConfig.GROUP.length()));
      if (unknown) {
        item.report()
            .problem(
                item.origin(WHO.path()),
                WHO.path(),
                "no such group in berth.policy.groups: " + one);
      }
    }
  }

  private static <T> void add(List<T> list, @Nullable T item) {
    if (item != null) {
      list.add(item);
    }
  }

  /// Refuses what would open the registry once 2.8.2 runs with this file.
  static void checkRollback(Settings settings, AuthConfig auth) {
    if (!(auth instanceof NoAuth) || settings.get(ROLLBACK) == Rollback.UNPROTECTED) {
      return;
    }
    for (String ours : List.of(POLICY, LdapKeys.LDAP)) {
      if (settings.node(ours) != null) {
        settings
            .report()
            .problem(
                settings.origin(ours),
                ours,
                "registry 2.8.2 passes over it, so a rollback would open this registry to everybody; add"
                    + " auth.htpasswd or auth.token, or write berth.rollback: unprotected");
      }
    }
  }
}
