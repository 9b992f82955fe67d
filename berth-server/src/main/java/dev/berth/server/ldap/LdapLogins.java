package dev.berth.server.ldap;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPInterface;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import dev.berth.config.LdapConfig;
import dev.berth.server.auth.Gate;
import dev.berth.server.auth.Logins;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The users and groups of a directory. A password is checked by a bind with the user's entry,
/// which is found by its name or by a search; an empty one is wrong without a question, since to a
/// directory it is no login and always right.
///
/// A directory that does not answer is asked again a second later at the earliest, so that requests
/// do not pile up behind it; until then, and while it is away, the outcome is "unavailable".
public final class LdapLogins implements Logins, AutoCloseable {
  private static final Logger LOG = System.getLogger(LdapLogins.class.getName());
  private static final long REST_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int LONGEST_NAME = 256;
  private static final int MOST_GROUPS = 1000;
  private static final int ATTEMPTS = 2;

  private final LdapConfig config;
  private final LDAPConnectionPool pool;
  private final Gate gate;
  private volatile long restedAt = System.nanoTime();
  private volatile String problem = "";

  /// @throws dev.berth.server.reload.UnusableFile the file of certificates, a filter or the name of
  ///   an entry cannot be used
  public LdapLogins(LdapConfig config) {
    Syntax.check(config);
    this.config = config;
    this.pool = Connections.pool(config);
    this.gate = new Gate(config.connections(), config.timeout());
  }

  @Override
  public int busy() {
    return gate.busy();
  }

  @Override
  public int waiting() {
    return gate.waiting();
  }

  @Override
  public Login find(String name) {
    return new Login() {
      @Override
      public String mark() {
        return "";
      }

      @Override
      public Outcome check(String password) {
        return LdapLogins.this.check(name, password);
      }
    };
  }

  private Outcome check(String name, String password) {
    if (password.isEmpty() || name.length() > LONGEST_NAME || !Names.areClear(name)) {
      return new Outcome.Wrong();
    }
    return isResting()
        ? new Outcome.Unavailable()
        : gate.through(() -> ask(name, password)).orElseGet(Outcome.Busy::new);
  }

  private boolean isResting() {
    return restedAt - System.nanoTime() > 0;
  }

  private Outcome ask(String name, String password) {
    if (isResting()) {
      return new Outcome.Unavailable();
    }
    try {
      Outcome outcome = tryToAsk(name, password);
      problem = "";
      return outcome;
    } catch (LDAPException e) {
      if (!e.getResultCode().isConnectionUsable()) {
        restedAt = System.nanoTime() + REST_NANOS;
      }
      String message =
          "the directory cannot be asked: " + e.getResultCode().getName() + ": " + e.getMessage();
      if (problem.isEmpty()) {
        LOG.log(Level.ERROR, message);
      }
      problem = message;
      return new Outcome.Unavailable();
    }
  }

  private Outcome tryToAsk(String name, String password) throws LDAPException {
    String pattern = config.users().dn();
    User user =
        pattern == null
            ? search(name)
            : new User(Escapes.fill(pattern, name, ""), Names.normal(name), Set.of());
    return user == null ? new Outcome.Wrong() : bind(name, user, password);
  }

  /// @param name as the directory writes it
  /// @param groups those that its entry names
  private record User(String dn, String name, Set<String> groups) {}

  private @Nullable User search(String name) throws LDAPException {
    String base = Objects.requireNonNull(config.users().base());
    Filter filter = Filter.create(Escapes.fill(config.users().filter(), name, ""));
    Set<String> attributes = Names.attributesOf(filter, name);
    List<String> wanted = new ArrayList<>(attributes);
    wanted.add(config.groups().attribute());
    var request = new SearchRequest(base, SearchScope.SUB, filter, wanted.toArray(new String[0]));
    request.setSizeLimit(2);
    List<SearchResultEntry> found = entries(pool, request);
    if (found.size() > 1) {
      LOG.log(
          Level.WARNING,
          "berth.auth.ldap.filter finds more than one entry for a name; nobody is let in by it");
    }
    if (found.size() != 1) {
      return null;
    }
    SearchResultEntry entry = found.getFirst();
    // Without an attribute that the filter compares with the name there is only what was typed.
    return attributes.isEmpty()
        ? user(entry, Names.normal(name))
        : Names.inAttributes(entry, attributes, name)
            .map(written -> user(entry, written))
            .orElse(null);
  }

  /// As many entries as the request's limit allows.
  private static List<SearchResultEntry> entries(LDAPInterface asked, SearchRequest request)
      throws LDAPException {
    SearchResult result;
    try {
      result = asked.search(request);
    } catch (LDAPSearchException e) {
      if (!e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
        throw e;
      }
      result = e.getSearchResult();
    }
    List<SearchResultEntry> entries = result.getSearchEntries();
    return entries == null ? List.of() : entries;
  }

  private User user(SearchResultEntry entry, String name) {
    Set<String> groups = new HashSet<>();
    String[] values = entry.getAttributeValues(config.groups().attribute());
    for (String value : values == null ? new String[0] : values) {
      groups.add(groupName(value));
    }
    return new User(entry.getDN(), name, groups);
  }

  /// The name of a group that is given by its entry, as `cn=dev,ou=groups` gives `dev`.
  private static String groupName(String value) {
    try {
      RDN first = new DN(value).getRDN();
      return first == null ? value : first.getAttributeValues()[0];
    } catch (LDAPException noDn) {
      return value;
    }
  }

  private Outcome bind(String name, User user, String password) throws LDAPException {
    LDAPConnection bound = bound(user, password);
    if (bound == null) {
      return new Outcome.Wrong();
    }
    User known = isDirect() ? ownGroups(name, user, bound) : foundGroups(name, user, bound);
    return new Outcome.Right(known.name(), known.groups(), config.remember());
  }

  /// A connection of the pool, as the user; null where the password is wrong. One that lay idle
  /// while the directory was started anew fails once.
  private @Nullable LDAPConnection bound(User user, String password) throws LDAPException {
    LDAPConnection connection = pool.getConnection();
    for (int attempt = 1; ; attempt++) {
      try {
        connection.bind(user.dn(), password);
        return connection;
      } catch (LDAPException e) {
        if (isAnswer(e.getResultCode())) {
          pool.releaseAndReAuthenticateConnection(connection);
          return null;
        }
        if (attempt == ATTEMPTS) {
          pool.releaseDefunctConnection(connection);
          throw e;
        }
        connection = pool.replaceDefunctConnection(connection);
      }
    }
  }

  /// Where nobody is known who could look, the users look themselves, as far as they may.
  private User ownGroups(String name, User user, LDAPConnection bound) throws LDAPException {
    User known = user;
    boolean usable = false;
    try {
      known = seen(name, user, bound);
      known = withGroups(name, known, bound);
      usable = true;
    } catch (LDAPException e) {
      usable = e.getResultCode().isConnectionUsable();
      if (!usable) {
        throw e;
      }
      LOG.log(Level.DEBUG, "a user may not look for groups: " + e.getResultCode().getName());
    } finally {
      if (usable) {
        pool.releaseAndReAuthenticateConnection(bound);
      } else {
        pool.releaseDefunctConnection(bound);
      }
    }
    return known;
  }

  /// Who finds users finds their groups too.
  private User foundGroups(String name, User user, LDAPConnection bound) throws LDAPException {
    pool.releaseAndReAuthenticateConnection(bound);
    return withGroups(name, user, pool);
  }

  /// Whether the directory has looked at the password and does not let in who shows it.
  private static boolean isAnswer(ResultCode code) {
    return List.of(
            ResultCode.INVALID_CREDENTIALS,
            ResultCode.NO_SUCH_OBJECT,
            ResultCode.INVALID_DN_SYNTAX,
            ResultCode.UNWILLING_TO_PERFORM,
            ResultCode.INAPPROPRIATE_AUTHENTICATION,
            ResultCode.CONSTRAINT_VIOLATION,
            ResultCode.INSUFFICIENT_ACCESS_RIGHTS)
        .contains(code);
  }

  private boolean isDirect() {
    return config.users().dn() != null;
  }

  /// The user with what their entry says of groups.
  private User seen(String name, User user, LDAPInterface asked) throws LDAPException {
    SearchResultEntry entry = asked.getEntry(user.dn(), config.groups().attribute());
    return entry == null ? user : user(entry, Names.inOwnName(entry, name).orElse(user.name()));
  }

  private User withGroups(String name, User user, LDAPInterface asked) throws LDAPException {
    Set<String> groups = new HashSet<>(user.groups());
    String base = config.groups().base();
    if (base != null) {
      Filter filter = Filter.create(Escapes.fill(config.groups().filter(), name, user.dn()));
      var request = new SearchRequest(base, SearchScope.SUB, filter, config.groups().name());
      request.setSizeLimit(MOST_GROUPS);
      for (SearchResultEntry entry : entries(asked, request)) {
        String group = entry.getAttributeValue(config.groups().name());
        if (group != null) {
          groups.add(group);
        }
      }
    }
    return new User(user.dn(), user.name(), groups);
  }

  @Override
  public void close() {
    pool.close();
  }
}
