package dev.berth.server.policy;

import dev.berth.config.PolicyConfig;
import dev.berth.config.load.ConfigException;
import dev.berth.config.load.ConfigSource;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.oci.wire.OciRequest;
import dev.berth.server.auth.Caller;
import dev.berth.server.auth.Rights;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The policy of a file that may change. [#renew] is called now and then and looks at the file's
/// text, whoever replaced it and how. What cannot be used is said once in the log, and the last
/// good policy holds; so it does when the policy is taken out, since that would open the registry.
/// Decisions are made from memory. Safe for use by many threads.
public final class WatchedPolicy implements Rights {
  private static final Logger LOG = System.getLogger(WatchedPolicy.class.getName());

  private final Supplier<ConfigSource> file;
  private final Function<ConfigSource, @Nullable PolicyConfig> parse;
  private PolicyConfig config;
  private @Nullable ConfigSource seen;
  private volatile Policy policy;
  private volatile String problem = "";

  /// @param first what holds until the file changes
  /// @param file reads its text
  /// @param parse gives the policy in a text, null for none
  public WatchedPolicy(
      PolicyConfig first,
      Supplier<ConfigSource> file,
      Function<ConfigSource, @Nullable PolicyConfig> parse) {
    this.file = file;
    this.parse = parse;
    this.config = first;
    this.policy = new Policy(first);
  }

  @Override
  public Ruling rule(Caller caller, OciRequest request) {
    return policy.rule(caller, request);
  }

  /// Which tags of a repository stay where they are; empty where none do.
  public Optional<Predicate<Tag>> immutableTags(RepositoryName repository) {
    return policy.immutableTags(repository);
  }

  /// Why the file cannot be used as it was found last, while the policy of before holds; empty
  /// where nothing is wrong.
  public String problem() {
    return problem;
  }

  /// Looks whether the file has changed.
  public synchronized void renew() {
    try {
      ConfigSource now = file.get();
      if (!now.equals(seen)) {
        seen = now;
        use(parse.apply(now));
      }
    } catch (ConfigException e) {
      say(
          e.problems().isEmpty()
              ? String.valueOf(e.getMessage())
              : e.problems().getFirst().toString());
    }
  }

  private void use(@Nullable PolicyConfig read) {
    if (read == null) {
      say("berth.policy is gone; the registry must be started anew to do without one");
      return;
    }
    problem = "";
    if (!read.equals(config)) {
      config = read;
      policy = new Policy(read);
      LOG.log(Level.INFO, "policy read again rules={0}", read.rules().size());
    }
  }

  private void say(String message) {
    if (!message.equals(problem)) {
      problem = message;
      LOG.log(Level.ERROR, "{0}; the policy of before still holds", message);
    }
  }
}
