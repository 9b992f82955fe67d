package dev.berth.server;

import dev.berth.config.BerthConfig;
import dev.berth.config.NoAuth;
import dev.berth.config.PolicyConfig;
import dev.berth.config.PolicyConfig.Right;
import dev.berth.config.TokenAuth;
import dev.berth.config.load.ConfigException;
import dev.berth.config.load.ConfigLoader;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.server.auth.Caller;
import dev.berth.server.policy.Policy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Says whether somebody may do something by the policy of a file, and which line decides. Exit
/// status 0 for yes, 1 for no.
final class PolicyCommand implements Command {
  private static final int WORDS = 5;
  private static final String FORM =
      "berth policy test FILE USER pull|push|delete|admin REPOSITORY [--group GROUP]... [--tag TAG];"
          + " USER is anyone for no login";

  /// What is asked about.
  ///
  /// @param tag absent for no tag in particular
  private record Question(
      String file, Caller caller, Right right, RepositoryName repository, Optional<Tag> tag) {}

  @Override
  public int run(Console console, List<String> arguments) {
    Optional<Question> question = parse(arguments);
    if (question.isEmpty()) {
      return console.fail(Console.USAGE, "policy has one form: " + FORM);
    }
    try {
      BerthConfig config =
          ConfigLoader.load(
                  Sources.choose(console, List.of(question.get().file())), console.environment())
              .config();
      PolicyConfig policy = config.berth().policy();
      return policy == null
          ? withoutPolicy(console, config, question.get())
          : answer(console, policy, question.get());
    } catch (ConfigException e) {
      e.problems().forEach(problem -> console.fail(Console.FAILED, problem.toString()));
      return Console.FAILED;
    }
  }

  private static Optional<Question> parse(List<String> arguments) {
    if (arguments.size() < WORDS || !arguments.getFirst().equals("test")) {
      return Optional.empty();
    }
    List<String> words = new ArrayList<>(arguments.subList(1, arguments.size()));
    Optional<Tag> tag = Optional.empty();
    Set<String> groups = new HashSet<>();
    for (int i = words.size() - 2; i >= WORDS - 1; i -= 2) {
      String value = words.remove(i + 1);
      switch (words.remove(i)) {
        case "--group" -> groups.add(value);
        case "--tag" -> {
          tag = Tag.tryParse(value);
          if (tag.isEmpty()) {
            return Optional.empty();
          }
        }
        default -> {
          return Optional.empty();
        }
      }
    }
    Optional<RepositoryName> repository = RepositoryName.tryParse(words.get(WORDS - 2));
    Optional<Right> right = right(words.get(2));
    if (words.size() != WORDS - 1 || repository.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    Caller caller =
        words.get(1).equals(PolicyConfig.ANYONE)
            ? Caller.ANONYMOUS
            : new Caller(words.get(1), groups);
    return Optional.of(new Question(words.get(0), caller, right.get(), repository.get(), tag));
  }

  private static Optional<Right> right(String word) {
    for (Right right : Right.values()) {
      if (word(right).equals(word)) {
        return Optional.of(right);
      }
    }
    return Optional.empty();
  }

  private static int withoutPolicy(Console console, BerthConfig config, Question question) {
    boolean open = config.auth() instanceof NoAuth && config.berth().ldap() == null;
    boolean allowed = open || !question.caller().isAnonymous();
    String rest =
        config.auth() instanceof TokenAuth
            ? "a token alone says what its bearer may do"
            : (open ? "everybody" : "whoever has a login") + " may do everything";
    console
        .out()
        .println(
            (allowed ? "allowed: " : "denied: ")
                + question.file()
                + " has no berth.policy, so "
                + rest);
    return allowed ? Console.OK : Console.FAILED;
  }

  private static int answer(Console console, PolicyConfig config, Question question) {
    var policy = new Policy(config);
    String repository = question.repository().value();
    Optional<PolicyConfig.Rule> rule =
        policy.findRule(question.caller(), question.right(), repository);
    if (rule.isEmpty()) {
      console.out().println("denied: no rule lets " + what(question));
      config.rules().forEach(near -> hint(console, policy, near, question));
      return Console.FAILED;
    }
    boolean stays =
        question
            .tag()
            .filter(
                tag ->
                    policy
                        .immutableTags(question.repository())
                        .filter(immutable -> immutable.test(tag))
                        .isPresent())
            .isPresent();
    if (stays && question.right() == Right.DELETE) {
      console.out().println("denied: the tag is immutable by berth.policy.immutable");
      return Console.FAILED;
    }
    console.out().println("allowed: " + rule.get().place() + " lets " + what(question));
    if (stays && question.right() == Right.PUSH) {
      console.out().println("  but the tag is immutable: only where it is not there yet");
    }
    return Console.OK;
  }

  private static String what(Question question) {
    String name = question.caller().isAnonymous() ? PolicyConfig.ANYONE : question.caller().name();
    return name + " " + word(question.right()) + " in " + question.repository();
  }

  private static void hint(
      Console console, Policy policy, PolicyConfig.Rule rule, Question question) {
    Policy.Fit fit =
        policy.fit(rule, question.caller(), question.right(), question.repository().value());
    switch (fit) {
      case OTHER_CALLER -> say(console, rule, "gives it here to others");
      case OTHER_REPOSITORY -> say(console, rule, "gives it in other repositories");
      case OTHER_RIGHT -> say(console, rule, "gives other rights here");
      case FULL, FAR -> {
        // Nothing that would help.
      }
    }
  }

  private static void say(Console console, PolicyConfig.Rule rule, String how) {
    console.out().println("  " + rule.place() + " " + how);
  }

  private static String word(Right right) {
    return right.name().toLowerCase(Locale.ROOT);
  }
}
