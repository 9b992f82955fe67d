package dev.berth.server.policy;

import dev.berth.config.PolicyConfig;
import dev.berth.config.load.ConfigException;
import dev.berth.config.load.ConfigSource;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.oci.wire.OciRequest;
import dev.berth.server.auth.Caller;
import dev.berth.server.auth.Rights;
import dev.berth.server.reload.Reload;
import dev.berth.server.reload.Steady;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The policy of a file that may change. [#renew] is called now and then and looks at the file's
/// text, whoever replaced it and how; what it sees twice in a row is taken. What cannot be used is
/// said once in the log, and the last good policy holds; so it does when the policy is taken out,
/// since that would open the registry. Decisions are made from memory. Safe for use by many
/// threads.
public final class WatchedPolicy implements Rights {
  private static final Logger LOG = System.getLogger(WatchedPolicy.class.getName());

  private final Supplier<ConfigSource> file;
  private final Function<ConfigSource, @Nullable PolicyConfig> parse;
  private final Reload reload;
  private final Steady<ConfigSource> steady = new Steady<>();
  private PolicyConfig config;
  private @Nullable ConfigSource seen;
  private volatile Policy policy;

  /// @param first what holds until the file changes
  /// @param file reads its text
  /// @param parse gives the policy in a text, null for none
  /// @param reload is told what becomes of the file
  public WatchedPolicy(
      PolicyConfig first,
      Supplier<ConfigSource> file,
      Function<ConfigSource, @Nullable PolicyConfig> parse,
      Reload reload) {
    this.file = file;
    this.parse = parse;
    this.reload = reload;
    this.config = first;
    this.policy = new Policy(first);
  }

  @Override
  public Ruling rule(Caller caller, OciRequest request) {
    return policy.rule(caller, request);
  }

  /// Whether somebody is an admin of every repository there is or will be.
  public boolean isAdmin(Caller caller) {
    return policy.isAdmin(caller);
  }

  /// Which tags of a repository stay where they are; empty where none do.
  public Optional<Predicate<Tag>> immutableTags(RepositoryName repository) {
    return policy.immutableTags(repository);
  }

  /// Looks whether the file has changed.
  public synchronized void renew() {
    try {
      ConfigSource before = seen;
      seen = null;
      ConfigSource now = file.get();
      if (now.equals(before)) {
        seen = now;
      } else if (steady.isSteady(now)) {
        use(parse.apply(now));
        seen = now;
      } else {
        seen = before;
      }
    } catch (ConfigException e) {
      reload.broken(e.problems().getFirst().toString());
    }
  }

  private void use(@Nullable PolicyConfig read) {
    if (read == null) {
      reload.broken(
          "it is gone from the file; the registry must be started anew to do without one");
    } else if (read.equals(config)) {
      reload.unchanged();
    } else {
      config = read;
      policy = new Policy(read);
      LOG.log(Level.INFO, "policy read again rules={0}", read.rules().size());
      reload.renewed();
    }
  }
}
