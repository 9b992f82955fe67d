package dev.berth.config.load;

import static dev.berth.config.load.Loading.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.Glob;
import dev.berth.config.PolicyConfig;
import dev.berth.config.PolicyConfig.ImmutableTags;
import dev.berth.config.PolicyConfig.Right;
import dev.berth.config.PolicyConfig.Rule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
  private static final String LOGINS =
      Loading.MINIMAL + "auth: {htpasswd: {realm: r, path: /users}}\n";

  /// The ten lines of docs/configuration.md.
  private static final String TEN_LINES =
      """
      berth:
        policy:
          groups: {developers: [alice, bob]}
          rules:
            - {who: anyone, may: pull, in: public/**}
            - {who: authenticated, may: pull}
            - {who: "group:developers", may: push, in: [apps/**, public/**]}
            - {who: ci, may: [push, delete], in: apps/**}
            - {who: root, may: admin}
          immutable: [{in: apps/**, tags: v*}]
      """;

  @Test
  void theTenLinesAreAPolicy() {
    PolicyConfig policy = Loading.load(LOGINS + TEN_LINES).config().berth().policy();

    assertThat(policy)
        .isEqualTo(
            new PolicyConfig(
                Map.of("developers", List.of("alice", "bob")),
                List.of(
                    rule(8, List.of("anyone"), List.of(Right.PULL), "public/**"),
                    rule(9, List.of("authenticated"), List.of(Right.PULL), "**"),
                    rule(
                        10,
                        List.of("group:developers"),
                        List.of(Right.PUSH),
                        "apps/**",
                        "public/**"),
                    rule(11, List.of("ci"), List.of(Right.PUSH, Right.DELETE), "apps/**"),
                    rule(12, List.of("root"), List.of(Right.ADMIN), "**")),
                List.of(new ImmutableTags(List.of(new Glob("apps/**")), List.of(new Glob("v*")))),
                false));
  }

  private static Rule rule(int line, List<String> who, List<Right> may, String... in) {
    List<Glob> globs = List.of(in).stream().map(Glob::new).toList();
    return new Rule("config.yml:" + line, who, may, globs);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{rule: []} | berth.policy.rule: unknown key; the nearest known one is berth.policy.rules",
        "{rules: } | berth.policy.rules: missing; without a rule nobody may do anything, so write at"
            + " least one",
        "{rules: []} | berth.policy.rules: missing; without a rule nobody may do anything, so write at"
            + " least one",
        "{rules: [{who: Anyone, may: pull}]} | berth.policy.rules[].who: \"Anyone\" is nobody; give a"
            + " user, group:NAME, anyone or authenticated",
        "{rules: [{who: ['*'], may: pull}]} | berth.policy.rules[].who: \"*\" is nobody; give a user,"
            + " group:NAME, anyone or authenticated",
        "{groups: {all: [bob, anyone]}, rules: [{who: a, may: pull}]} | berth.policy.groups: the group"
            + " all must hold names of users, one by one",
        "{} | berth.policy.rules: missing; without a rule nobody may do anything, so write at least one",
        "[] | berth.policy: expected a map with some of: groups, rules, immutable, anonymousping",
        "{rules: {who: a}} | berth.policy.rules: expected a list of maps",
        "{rules: [a]} | berth.policy.rules: expected a map in this list",
        "{rules: [{may: pull}]} | berth.policy.rules[].who: missing; give at least one",
        "{rules: [{who: a}]} | berth.policy.rules[].may: missing; give at least one",
        "{rules: [{who: a, may: []}]} | berth.policy.rules[].may: missing; give at least one",
        "{rules: [{who: a, may: fly}]} | berth.policy.rules[].may: expected pull or push or delete or"
            + " admin, got \"fly\"",
        "{rules: [{who: a, may: [pull, fly]}]} | berth.policy.rules[].may: expected pull or push or"
            + " delete or admin, got \"fly\"",
        "{rules: [{who: a, may: pull, on: b}]} | berth.policy.rules.on: unknown key; the nearest known"
            + " one is berth.policy.rules.in",
        "{rules: [{who: a, may: pull, in: Team/*}]} | berth.policy.rules[].in: a pattern of repositories"
            + " holds a-z, 0-9, . _ - / and *, with no / at either end (given: \"Team/*\")",
        "{rules: [{who: a, may: pull, in: [a/***]}]} | berth.policy.rules[].in: give * or ** in place of"
            + " *** (given: \"a/***\")",
        "{rules: [{who: a, may: pull, in: ''}]} | berth.policy.rules[].in: missing; give at least one",
        "{rules: [{who: a, may: pull, in: }]} | berth.policy.rules[].in: missing; give at least one",
        "{rules: [{who: a, may: pull, in: []}]} | berth.policy.rules[].in: missing; give at least one",
        "{rules: [{who: 'user:a', may: pull}]} | berth.policy.rules[].who: \"user:a\" is nobody; give a"
            + " user, group:NAME, anyone or authenticated",
        "{rules: [{who: 'group:x', may: pull}]} | berth.policy.rules[].who: no such group in"
            + " berth.policy.groups: group:x",
        "{groups: {x: a}, rules: []} | berth.policy.groups: expected a list, each a text, got \"a\"",
        "{groups: {x: ['group:y']}, rules: []} | berth.policy.groups: the group x must hold names of"
            + " users, one by one",
        "{rules: [], immutable: [{in: a}]} | berth.policy.immutable[].tags: missing; give at least one",
        "{rules: [], immutable: [{tags: 'v/*'}]} | berth.policy.immutable[].tags: a pattern of tags holds"
            + " A-Z, a-z, 0-9, . _ - and * (given: the text \"v/*\")",
        "{rules: [], anonymousping: \"yes\"} | berth.policy.anonymousping: expected true or false without"
            + " quotes, got the text \"yes\"",
      })
  void aFaultIsOneLineWithItsPlace(String policy, String message) {
    assertThat(problems(LOGINS + "berth: {policy: " + policy + "}\n"))
        .contains("config.yml:4: " + message);
  }

  @ParameterizedTest
  @CsvSource({
    "berth: {polcy: {rules: []}}",
    "berth: {roolback: unprotected}",
    "berht: {policy: {}}"
  })
  void aLetterTooManyDoesNotLeaveTheRegistryWithoutItsPolicy(String line) {
    assertThat(problems(LOGINS + line + "\n")).singleElement().asString().contains("unknown key");
  }

  @Test
  void aRollbackMustNotOpenTheRegistry() {
    String policy = "berth: {policy: {rules: [{who: anyone, may: pull}]}}\n";
    assertThat(problems(Loading.MINIMAL + policy))
        .singleElement()
        .asString()
        .startsWith("config.yml:3: berth.policy: registry 2.8.2 passes over it");
    String unprotected = policy.replace("{policy", "{rollback: unprotected, policy");

    assertThat(Loading.load(Loading.MINIMAL + unprotected).config().berth().policy()).isNotNull();
    assertThat(Loading.load(LOGINS + policy).config().berth().policy()).isNotNull();
  }
}
