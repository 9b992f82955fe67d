package dev.berth.server.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EscapesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "alice",
        "*",
        "a*",
        ")(uid=*",
        "x)(|(uid=*",
        "a\\2a",
        "a,dc=x",
        "a+uid=b",
        " a",
        "#a",
        "a\"b",
        "a=b",
        "ü€😀",
        "a\u0000b",
        "{dn}",
        "{name}"
      })
  void aNameMeansItselfInAFilterAndInADn(String name) throws LDAPException {
    Filter filter = Filter.create(Escapes.fill("(&(uid={name})(o=x))", name, ""));
    assertThat(filter.getComponents()).hasSize(2);
    assertThat(filter.getComponents()[0].getFilterType()).isEqualTo(Filter.FILTER_TYPE_EQUALITY);
    assertThat(filter.getComponents()[0].getAssertionValue()).isEqualTo(name);

    DN dn = new DN(Escapes.fill("uid={name},ou=people,dc=example", name, ""));
    assertThat(dn.getRDNs()).hasSize(3);
    assertThat(dn.getRDNs()[0].getAttributeValues()).containsExactly(name);
  }

  @Test
  void theNameOfAnEntryMeansItselfInAFilter() throws LDAPException {
    Filter filter = Filter.create(Escapes.fill("(member={dn})", "a", "cn=a\\2cb (x)*,dc=example"));

    assertThat(filter.getAssertionValue()).isEqualTo("cn=a\\2cb (x)*,dc=example");
  }
}
