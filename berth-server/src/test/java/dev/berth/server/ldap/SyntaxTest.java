package dev.berth.server.ldap;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.config.LdapConfig;
import dev.berth.server.reload.UnusableFile;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyntaxTest {
  private static LdapConfig config(String base, String filter, String groupBase, String group) {
    return new LdapConfig(
        "r",
        List.of(URI.create("ldaps://localhost")),
        null,
        new LdapConfig.Users(null, null, null, base, filter),
        new LdapConfig.Groups("memberOf", groupBase, group, "cn"),
        Duration.ofSeconds(1),
        Duration.ZERO,
        1);
  }

  private static LdapConfig direct(String userDn) {
    return new LdapConfig(
        "r",
        List.of(URI.create("ldaps://localhost")),
        null,
        new LdapConfig.Users(userDn, null, null, null, "(uid={name})"),
        new LdapConfig.Groups("memberOf", null, "(member={dn})", "cn"),
        Duration.ofSeconds(1),
        Duration.ZERO,
        1);
  }

  @Test
  void takesWhatADirectoryTakes() {
    assertThatCode(
            () ->
                Syntax.check(
                    config(
                        "ou=people,dc=a",
                        "(&(objectClass=person)(|(uid={name})(mail={name})))",
                        "ou=groups,dc=a",
                        "(|(member={dn})(memberUid={name}))")))
        .doesNotThrowAnyException();
    assertThatCode(() -> Syntax.check(direct("uid={name},ou=people,dc=a")))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "people | (uid={name}) | dc=a | (member={dn}) | base: no name of an entry",
        "dc=a | (uid={name})) | dc=a | (member={dn}) | filter: no filter",
        "dc=a | (&(uid={name}) | dc=a | (member={dn}) | filter: no filter",
        "dc=a | (uid={name}) | =a | (member={dn}) | groupbase: no name of an entry",
        "dc=a | (uid={name}) | dc=a | ({dn}) | groupfilter: no filter"
      })
  void refusesWhatNoDirectoryTakes(
      String base, String filter, String groupBase, String group, String message) {
    LdapConfig config = config(base, filter, groupBase, group);
    assertThatThrownBy(() -> Syntax.check(config))
        .isInstanceOf(UnusableFile.class)
        .hasMessageStartingWith("berth.auth.ldap." + message);
  }

  @Test
  void refusesAPatternThatGivesNoName() {
    LdapConfig config = direct("{name}");
    assertThatThrownBy(() -> Syntax.check(config))
        .hasMessageStartingWith("berth.auth.ldap.userdn: no name of an entry");
  }
}
