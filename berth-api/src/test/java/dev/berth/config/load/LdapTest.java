package dev.berth.config.load;

import static dev.berth.config.load.Loading.problems;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LdapTest {
  private static final String LOGINS =
      Loading.MINIMAL + "auth: {htpasswd: {realm: r, path: /users}}\n";
  private static final String GOOD = "url: 'ldaps://a.example', base: 'dc=example'";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "base: x | url: missing; give one like ldaps://ldap.example.com",
        "url: 'http://a', base: x | url: no address of a directory (not shown, as it may hold a"
            + " login); give one like ldaps://ldap.example.com",
        "url: 'ldap://a/dc=x', base: x | url: no address of a directory (not shown, as it may hold a"
            + " login); give one like ldaps://ldap.example.com",
        "url: ['ldap://a', 'ldaps://b'], base: x | url: all must begin with ldaps://, or all with"
            + " ldap://",
        "url: 'ldaps://a' | base: missing; give base to search for users, or userdn with {name} in it",
        "url: 'ldaps://a', base: x, userdn: 'uid={name}' | userdn: keep this or base: one says where"
            + " users are",
        "url: 'ldaps://a', userdn: 'uid=x' | userdn: must hold {name}, as in uid={name},ou=people,dc=example",
        "url: 'ldaps://a', base: x, filter: 'uid={name}' | filter: must be in brackets and hold {name},"
            + " as in (uid={name})",
        "url: 'ldaps://a', base: x, binddn: y | binddn: needs bindpassword, and the other way round",
        "url: 'ldaps://a', base: x, groupbase: y, groupfilter: '(a=b)' | groupfilter: must hold {dn} or"
            + " {name}, as in (member={dn})",
        "url: 'ldaps://a', base: x, timeout: 2h | timeout: give 1ms to 1m",
        "url: 'ldaps://a', base: x, remember: 2h | remember: give 0s to 1h",
        "url: 'ldaps://a', base: x, connections: 0 | connections: give 1 to 256",
        "url: 'ldaps://a', base: x, realm: '\"' | realm: give printable ASCII without quotes and"
            + " backslashes",
      })
  void aFaultIsOneLineWithItsPlace(String keys, String message) {
    assertThat(problems(LOGINS + "berth: {auth: {ldap: {" + keys + "}}}\n"))
        .containsExactly("config.yml:4: berth.auth.ldap." + message);
  }

  @Test
  void anUnknownKeyStopsTheStart() {
    assertThat(problems(LOGINS + "berth: {auth: {ldap: {" + GOOD + ", starttls: true}}}\n"))
        .singleElement()
        .asString()
        .startsWith("config.yml:4: berth.auth.ldap.starttls: unknown key");
  }

  @Test
  void aPasswordIsNotShown() {
    LoadedConfig loaded =
        Loading.load(
            LOGINS
                + "berth: {auth: {ldap: {"
                + GOOD
                + ", binddn: 'cn=b', bindpassword: canary}}}\n");

    assertThat(loaded.toString()).doesNotContain("canary");
  }

  @Test
  void aRollbackMustNotOpenTheRegistryAndTokensStandAlone() {
    String ldap = "berth: {auth: {ldap: {" + GOOD + "}}}\n";
    assertThat(problems(Loading.MINIMAL + ldap))
        .singleElement()
        .asString()
        .startsWith("config.yml:3: berth.auth.ldap: registry 2.8.2 passes over it");
    String token = "auth: {token: {realm: r, service: s, issuer: i, jwks: /k}}\n";
    assertThat(problems(Loading.MINIMAL + token + ldap))
        .containsExactly(
            "config.yml:4: berth.auth.ldap: cannot stand beside auth.token; keep one kind of login");
  }

  /// A directory may know groups that the file does not.
  @Test
  void groupsNeedNotStandInTheFile() {
    String both =
        "berth: {auth: {ldap: {"
            + GOOD
            + "}}, policy: {rules: [{who: 'group:staff', may: pull}]}}\n";

    assertThat(Loading.load(LOGINS + both).config().berth().ldap()).isNotNull();
  }
}
