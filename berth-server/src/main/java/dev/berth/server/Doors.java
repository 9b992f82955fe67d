package dev.berth.server;

import dev.berth.config.BerthConfig;
import dev.berth.config.HtpasswdAuth;
import dev.berth.config.LdapConfig;
import dev.berth.config.NoAuth;
import dev.berth.config.PolicyConfig;
import dev.berth.config.TokenAuth;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.server.ServerStarter.LiveConfig;
import dev.berth.server.auth.AdminGate;
import dev.berth.server.auth.Authenticator;
import dev.berth.server.auth.BasicAuthenticator;
import dev.berth.server.auth.HtpasswdLogins;
import dev.berth.server.auth.Logins;
import dev.berth.server.auth.NarrowedAuthenticator;
import dev.berth.server.auth.Rights;
import dev.berth.server.auth.WatchedToken;
import dev.berth.server.ldap.LdapLogins;
import dev.berth.server.policy.WatchedPolicy;
import dev.berth.server.reload.Reloads;
import dev.berth.server.token.TokenAuthenticator;
import dev.berth.server.token.TokenSettings;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Who is let in: how callers prove who they are, and what the policy allows them.
final class Doors implements AutoCloseable {
  /// How often [#renewals] shall run.
  static final Duration RENEW_EVERY = Duration.ofSeconds(1);

  private final SecureRandom random;
  private final InstantSource clock;
  private final Reloads reloads;
  private final @Nullable WatchedPolicy policy;
  private final @Nullable LdapLogins directory;
  private final Authenticator authenticator;
  private final @Nullable WatchedToken adminToken;

  /// @throws dev.berth.server.reload.UnusableFile a file of logins cannot be used
  Doors(
      BerthConfig config,
      LiveConfig live,
      SecureRandom random,
      InstantSource clock,
      Reloads reloads) {
    this.random = random;
    this.clock = clock;
    this.reloads = reloads;
    this.policy = policy(config, live);
    LdapConfig ldap = config.berth().ldap();
    this.directory = ldap == null ? null : new LdapLogins(ldap);
    this.authenticator = authenticator(config, ldap);
    Path tokenFile = config.berth().adminToken();
    this.adminToken =
        tokenFile == null
            ? null
            : new WatchedToken(tokenFile, reloads.add("berth.admin.tokenfile"));
  }

  Authenticator authenticator() {
    return authenticator;
  }

  /// Who may use the admin API; empty where nobody can, so that there is none.
  Optional<AdminGate> admins() {
    return policy == null && adminToken == null
        ? Optional.empty()
        : Optional.of(
            new AdminGate(adminToken, policy == null ? null : policy::isAdmin, authenticator));
  }

  /// Which tags of a repository stay where they are; empty where none do.
  Optional<Predicate<Tag>> immutableTags(RepositoryName repository) {
    return policy == null ? Optional.empty() : policy.immutableTags(repository);
  }

  /// What looks whether a file has changed, by names for the log. Each may wait for its file: none
  /// for that of another.
  Map<String, Runnable> renewals() {
    Map<String, Runnable> renewals = new LinkedHashMap<>();
    renewals.put("read logins again", authenticator::refresh);
    if (policy != null) {
      renewals.put("read the policy again", policy::renew);
    }
    if (adminToken != null) {
      renewals.put("read the admin token again", adminToken::renew);
    }
    return renewals;
  }

  @Override
  public void close() {
    if (directory != null) {
      directory.close();
    }
  }

  private @Nullable WatchedPolicy policy(BerthConfig config, LiveConfig live) {
    PolicyConfig first = config.berth().policy();
    return first == null
        ? null
        : new WatchedPolicy(
            first,
            live.file(),
            source -> live.parse().apply(source).berth().policy(),
            reloads.add("berth.policy"));
  }

  /// A new kind of login stops compiling here.
  private Authenticator authenticator(BerthConfig config, @Nullable LdapConfig ldap) {
    return switch (config.auth()) {
      case NoAuth _ ->
          ldap == null || directory == null
              ? narrowed(Authenticator.OPEN)
              : basic(ldap.realm(), directory);
      case HtpasswdAuth(String realm, Path path) ->
          basic(
              realm,
              new HtpasswdLogins(
                  path, checksAtOnce(), directory, reloads.add("auth.htpasswd.path")));
      case TokenAuth token ->
          narrowed(
              new TokenAuthenticator(settings(token), clock, random, reloads.add("auth.token")));
    };
  }

  private Authenticator basic(String realm, Logins logins) {
    return new BasicAuthenticator(
        realm, logins, policy == null ? Rights.OF_ANY_LOGIN : policy, random);
  }

  private Authenticator narrowed(Authenticator all) {
    return policy == null ? all : new NarrowedAuthenticator(all, policy);
  }

  private static int checksAtOnce() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }

  private static TokenSettings settings(TokenAuth token) {
    return new TokenSettings(
        token.realm(),
        token.autoRedirectPath(),
        token.service(),
        token.issuer(),
        token.signingAlgorithms(),
        Optional.ofNullable(token.rootCertBundle()),
        Optional.ofNullable(token.jwks()));
  }
}
