package dev.berth.server.ldap;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import dev.berth.config.LdapConfig;
import dev.berth.server.reload.UnusableFile;
import org.jspecify.annotations.Nullable;

/// Looks at the filters and names of a configuration before somebody wants to log in with them. Who
/// searches may have another name than that of an entry.
final class Syntax {
  private static final String SOMEBODY = "somebody";

  private Syntax() {}

  /// @throws UnusableFile one is none; says which
  static void check(LdapConfig config) {
    LdapConfig.Users users = config.users();
    name("userdn", users.dn());
    name("base", users.base());
    filter("filter", users.filter());
    name("groupbase", config.groups().base());
    filter("groupfilter", config.groups().filter());
  }

  private static void filter(String key, String pattern) {
    try {
      Filter.create(Escapes.fill(pattern, SOMEBODY, "cn=" + SOMEBODY));
    } catch (LDAPException e) {
      throw new UnusableFile(
          "berth.auth.ldap." + key + ": no filter (RFC 4515): " + e.getMessage(), e);
    }
  }

  private static void name(String key, @Nullable String pattern) {
    try {
      if (pattern != null) {
        var _ = new DN(Escapes.fill(pattern, SOMEBODY, ""));
      }
    } catch (LDAPException e) {
      throw new UnusableFile(
          "berth.auth.ldap."
              + key
              + ": no name of an entry (RFC 4514), such as ou=people,dc=example,dc=com: "
              + e.getMessage(),
          e);
    }
  }
}
