package dev.berth.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A directory that knows names, passwords and groups.
///
/// @param realm what clients are told they log in to, where there is no file of logins
/// @param servers asked in this order; `ldaps`, or `ldap` and then StartTLS before anything else
/// @param ca certificates that vouch for the servers; absent for those of the JDK
/// @param users how the entry of a name is found
/// @param groups where its groups stand
/// @param timeout how long one question to the directory may take
/// @param remember how long a right password is believed
/// @param connections questions at one time
public record LdapConfig(
    String realm,
    List<URI> servers,
    @Nullable Path ca,
    Users users,
    Groups groups,
    Duration timeout,
    Duration remember,
    int connections) {
  /// In patterns: the name that somebody logs in with.
  public static final String NAME = "{name}";

  /// In patterns: the distinguished name of their entry.
  public static final String DN = "{dn}";

  private static final int MOST_CONNECTIONS = 256;
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
  private static final Duration LONGEST_MEMORY = Duration.ofHours(1);

  public LdapConfig {
    if (!realm.matches("[\\x20-\\x7e&&[^\"\\\\]]+")) {
      throw new InvalidSetting("realm", "give printable ASCII without quotes and backslashes");
    }
    servers = List.copyOf(servers);
    if (servers.isEmpty()) {
      throw new InvalidSetting("url", "missing; give one like ldaps://ldap.example.com");
    }
    servers.forEach(LdapConfig::checkServer);
    if (servers.stream().map(URI::getScheme).distinct().count() > 1) {
      throw new InvalidSetting("url", "all must begin with ldaps://, or all with ldap://");
    }
    if (connections < 1 || connections > MOST_CONNECTIONS) {
      throw new InvalidSetting("connections", "give 1 to " + MOST_CONNECTIONS);
    }
    if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST_WAIT) > 0) {
      throw new InvalidSetting("timeout", "give 1ms to 1m");
    }
    if (remember.isNegative() || remember.compareTo(LONGEST_MEMORY) > 0) {
      throw new InvalidSetting("remember", "give 0s to 1h");
    }
  }

  private static void checkServer(URI server) {
    boolean known = "ldaps".equals(server.getScheme()) || "ldap".equals(server.getScheme());
    boolean plain = server.getRawQuery() == null && server.getRawUserInfo() == null;
    String path = server.getRawPath() == null ? "" : server.getRawPath();
    if (!known || server.getHost() == null || !plain || path.length() > 1) {
      throw new InvalidSetting(
          "url",
          "no address of a directory (not shown, as it may hold a login); give one like"
              + " ldaps://ldap.example.com");
    }
  }

  /// How the entry of a name is found: by its name alone, or by a search.
  ///
  /// @param dn pattern of the entry's distinguished name; absent for a search
  /// @param bindDn who searches; absent for nobody in particular
  /// @param bindPassword their password
  /// @param base below which the search looks; absent with `dn`
  /// @param filter what it looks for
  public record Users(
      @Nullable String dn,
      @Nullable String bindDn,
      @Nullable Secret bindPassword,
      @Nullable String base,
      String filter) {
    public Users {
      if (dn == null && base == null) {
        throw new InvalidSetting(
            "base", "missing; give base to search for users, or userdn with {name} in it");
      }
      if (dn != null && base != null) {
        throw new InvalidSetting("userdn", "keep this or base: one says where users are");
      }
      if (dn != null && !dn.contains(NAME)) {
        throw new InvalidSetting(
            "userdn", "must hold {name}, as in uid={name},ou=people,dc=example");
      }
      if (!filter.contains(NAME) || !filter.startsWith("(") || !filter.endsWith(")")) {
        throw new InvalidSetting(
            "filter", "must be in brackets and hold {name}, as in (uid={name})");
      }
      if ((bindDn == null) != (bindPassword == null)) {
        throw new InvalidSetting("binddn", "needs bindpassword, and the other way round");
      }
      if (bindPassword != null && bindPassword.value().isEmpty()) {
        throw new InvalidSetting("bindpassword", "must not be empty");
      }
    }
  }

  /// Where groups stand: in an attribute of the user's entry, and in entries of their own.
  ///
  /// @param attribute of the user's entry; its values are names of groups or of their entries
  /// @param base below which entries of groups are; absent for no search
  /// @param filter what such an entry holds; [#NAME] and [#DN] are put in
  /// @param name the attribute of such an entry that names the group
  public record Groups(String attribute, @Nullable String base, String filter, String name) {
    public Groups {
      if (!filter.startsWith("(") || !filter.endsWith(")")) {
        throw new InvalidSetting("groupfilter", "must be in brackets, as in (member={dn})");
      }
      if (!filter.contains(NAME) && !filter.contains(DN)) {
        throw new InvalidSetting("groupfilter", "must hold {dn} or {name}, as in (member={dn})");
      }
    }
  }
}
