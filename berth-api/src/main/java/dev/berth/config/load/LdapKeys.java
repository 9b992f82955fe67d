package dev.berth.config.load;

import static dev.berth.config.load.ValueTypes.ADDRESS_URI;
import static dev.berth.config.load.ValueTypes.DURATION;
import static dev.berth.config.load.ValueTypes.INTEGER;
import static dev.berth.config.load.ValueTypes.PATH;
import static dev.berth.config.load.ValueTypes.SECRET;
import static dev.berth.config.load.ValueTypes.TEXT;
import static dev.berth.config.load.ValueTypes.someOf;

import dev.berth.config.AuthConfig;
import dev.berth.config.LdapConfig;
import dev.berth.config.Secret;
import dev.berth.config.TokenAuth;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keys under `berth.auth.ldap`: a directory of users.
final class LdapKeys {
  static final String LDAP = "berth.auth.ldap";

  private static final Key<String> REALM =
      Key.of(
          LDAP + ".realm",
          TEXT,
          "registry",
          "What clients are told they log in to, where there is no auth.htpasswd.");
  private static final Key<List<URI>> URL =
      Key.optional(
          LDAP + ".url",
          someOf(ADDRESS_URI),
          "The directory: `ldaps://…`, or `ldap://…`, where StartTLS comes first. Of several the first"
              + " that answers is asked.");
  private static final Key<Path> CA =
      Key.optional(
          LDAP + ".ca",
          PATH,
          "PEM file of certificates that vouch for the directory. Without it: those of the JDK.");
  private static final Key<String> USER_DN =
      Key.optional(
          LDAP + ".userdn",
          TEXT,
          "The entry of a user, as in `uid={name},ou=people,dc=example,dc=com`; or `base` for a search.");
  private static final Key<String> BIND_DN =
      Key.optional(LDAP + ".binddn", TEXT, "Who searches for users. Without it: nobody.");
  private static final Key<Secret> BIND_PASSWORD =
      Key.optional(LDAP + ".bindpassword", SECRET, "Their password.");
  private static final Key<String> BASE =
      Key.optional(LDAP + ".base", TEXT, "Users are searched for below this entry.");
  private static final Key<String> FILTER =
      Key.of(LDAP + ".filter", TEXT, "(uid={name})", "The search for a user.");
  private static final Key<String> GROUP_ATTRIBUTE =
      Key.of(
          LDAP + ".groupattribute",
          TEXT,
          "memberOf",
          "Attribute of a user that names their groups, or the entries of these.");
  private static final Key<String> GROUP_BASE =
      Key.optional(
          LDAP + ".groupbase", TEXT, "Groups are searched for below this entry, if it is given.");
  private static final Key<String> GROUP_FILTER =
      Key.of(
          LDAP + ".groupfilter",
          TEXT,
          "(|(member={dn})(memberUid={name}))",
          "The search for the groups of a user.");
  private static final Key<String> GROUP_NAME =
      Key.of(LDAP + ".groupname", TEXT, "cn", "Attribute that names a group that was found.");
  private static final Key<Duration> TIMEOUT =
      Key.of(
          LDAP + ".timeout",
          DURATION,
          Duration.ofSeconds(3),
          "How long one question to the directory may take.");
  private static final Key<Duration> REMEMBER =
      Key.of(
          LDAP + ".remember",
          DURATION,
          Duration.ofMinutes(1),
          "How long a right password, and its groups, are believed without asking again.");
  private static final Key<Integer> CONNECTIONS =
      Key.of(LDAP + ".connections", INTEGER, 8, "Most connections to the directory.");

  static final List<SchemaEntry> ALL =
      List.of(
          URL,
          CA,
          REALM,
          BASE,
          FILTER,
          BIND_DN,
          BIND_PASSWORD,
          USER_DN,
          GROUP_ATTRIBUTE,
          GROUP_BASE,
          GROUP_FILTER,
          GROUP_NAME,
          TIMEOUT,
          REMEMBER,
          CONNECTIONS);

  private LdapKeys() {}

  static @Nullable LdapConfig read(Settings settings) {
    if (settings.node(LDAP) == null) {
      return null;
    }
    return settings.<@Nullable LdapConfig>build(
        LDAP,
        null,
        () ->
            new LdapConfig(
                settings.get(REALM),
                servers(settings),
                settings.find(CA),
                new LdapConfig.Users(
                    settings.find(USER_DN),
                    settings.find(BIND_DN),
                    settings.find(BIND_PASSWORD),
                    settings.find(BASE),
                    settings.get(FILTER)),
                new LdapConfig.Groups(
                    settings.get(GROUP_ATTRIBUTE),
                    settings.find(GROUP_BASE),
                    settings.get(GROUP_FILTER),
                    settings.get(GROUP_NAME)),
                settings.get(TIMEOUT),
                settings.get(REMEMBER),
                settings.get(CONNECTIONS)));
  }

  /// A token says itself what its bearer may do; a name and a password cannot be shown beside it.
  static void checkKind(Settings settings, AuthConfig auth) {
    if (auth instanceof TokenAuth && settings.node(LDAP) != null) {
      settings
          .report()
          .problem(
              settings.origin(LDAP),
              LDAP,
              "cannot stand beside auth.token; keep one kind of login");
    }
  }

  private static List<URI> servers(Settings settings) {
    List<URI> servers = settings.find(URL);
    return servers == null ? List.of() : servers;
  }
}
