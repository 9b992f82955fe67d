package dev.berth.server.policy;

import dev.berth.config.PolicyConfig;
import dev.berth.config.PolicyConfig.ImmutableTags;
import dev.berth.config.PolicyConfig.Right;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.oci.wire.OciRequest;
import dev.berth.server.auth.Access;
import dev.berth.server.auth.Action;
import dev.berth.server.auth.Caller;
import dev.berth.server.auth.Need;
import dev.berth.server.auth.Rights;
import dev.berth.server.auth.Sight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The rules of one configuration. What none of them allows is refused. Immutable; a decision takes
/// no longer than there are rules.
public final class Policy implements Rights {
  private static final Ruling ALLOWED = new Ruling.Allowed(Sight.AS_ASKED);

  private final PolicyConfig config;
  private final List<AppliedRule> rules;

  public Policy(PolicyConfig config) {
    this.config = config;
    this.rules =
        config.rules().stream().map(rule -> AppliedRule.of(rule, config.groups())).toList();
  }

  /// The first rule that gives somebody a right to a repository; empty for none.
  public Optional<PolicyConfig.Rule> findRule(Caller caller, Right right, String repository) {
    for (AppliedRule rule : rules) {
      if (rule.gives(caller, right) && rule.isFor(repository)) {
        return Optional.of(rule.rule());
      }
    }
    return Optional.empty();
  }

  /// Whether somebody is an admin of every repository there is or will be.
  boolean isAdmin(Caller caller) {
    return rules.stream().anyMatch(rule -> rule.everywhere() && rule.gives(caller, Right.ADMIN));
  }

  /// How near a rule comes to a question.
  public enum Fit {
    /// It says yes.
    FULL,

    /// Only the caller is another.
    OTHER_CALLER,

    /// Only the repository is another.
    OTHER_REPOSITORY,

    /// Only the right is another.
    OTHER_RIGHT,

    /// More than one of these.
    FAR
  }

  /// How near one of the rules comes to giving somebody a right to a repository.
  public Fit fit(PolicyConfig.Rule rule, Caller caller, Right right, String repository) {
    AppliedRule applied = AppliedRule.of(rule, config.groups());
    boolean who = applied.isFor(caller);
    boolean what = applied.rights().contains(right);
    boolean where = applied.isFor(repository);
    if (what && where) {
      return who ? Fit.FULL : Fit.OTHER_CALLER;
    }
    if (who && (what || where)) {
      return what ? Fit.OTHER_REPOSITORY : Fit.OTHER_RIGHT;
    }
    return Fit.FAR;
  }

  @Override
  public Ruling rule(Caller caller, OciRequest request) {
    if (request instanceof OciRequest.Ping) {
      return caller.isAnonymous() && !config.anonymousPing()
          ? new Ruling.Refused("a login is needed", List.of())
          : ALLOWED;
    }
    if (request instanceof OciRequest.Catalog) {
      return catalog(caller, request);
    }
    List<Need> needs = Access.underPolicy(request);
    List<Need> missing = missing(caller, needs);
    if (!missing.isEmpty()) {
      return new Ruling.Refused(reason(caller, missing.getFirst()), missing);
    }
    boolean searches = request instanceof OciRequest.MountBlob mount && mount.from().isEmpty();
    return searches ? new Ruling.Allowed(sight(caller)) : ALLOWED;
  }

  /// Who has no login is asked for one, unless there is nothing more to see with it: a client that
  /// gets a list without one never sends the one it has.
  private Ruling catalog(Caller caller, OciRequest request) {
    Sight sight = sight(caller);
    boolean some = rules.stream().anyMatch(rule -> rule.gives(caller, Right.PULL));
    return sight.everywhere() || (some && !caller.isAnonymous())
        ? new Ruling.Allowed(sight)
        : new Ruling.Refused(
            "no rule of the policy lets " + title(caller) + " pull anything", Access.of(request));
  }

  private Sight sight(Caller caller) {
    boolean everywhere =
        rules.stream().anyMatch(rule -> rule.everywhere() && rule.gives(caller, Right.PULL));
    return new Sight(everywhere, name -> findRule(caller, Right.PULL, name.value()).isPresent());
  }

  private List<Need> missing(Caller caller, List<Need> needs) {
    List<Need> missing = List.of();
    for (Need need : needs) {
      if (findRule(caller, right(need.action()), need.name()).isEmpty()) {
        missing = missing.isEmpty() ? new ArrayList<>() : missing;
        missing.add(need);
      }
    }
    return missing;
  }

  private static Right right(Action action) {
    return switch (action) {
      case PULL -> Right.PULL;
      case PUSH -> Right.PUSH;
      case DELETE -> Right.DELETE;
      case ALL -> Right.ADMIN;
    };
  }

  private static String title(Caller caller) {
    return caller.isAnonymous() ? "those without a login" : caller.name();
  }

  private static String reason(Caller caller, Need need) {
    return "no rule of the policy lets "
        + title(caller)
        + " "
        + need.action().word()
        + " in "
        + need.name();
  }

  /// Which tags of a repository stay where they are; empty where none do.
  public Optional<Predicate<Tag>> immutableTags(RepositoryName repository) {
    List<ImmutableTags> here =
        config.immutable().stream()
            .filter(item -> AppliedRule.anyMatches(item.repositories(), repository.value()))
            .toList();
    return here.isEmpty()
        ? Optional.empty()
        : Optional.of(
            tag ->
                here.stream().anyMatch(item -> AppliedRule.anyMatches(item.tags(), tag.value())));
  }
}
