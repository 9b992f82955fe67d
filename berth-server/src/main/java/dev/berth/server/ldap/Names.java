package dev.berth.server.ldap;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.matchingrules.CaseIgnoreStringMatchingRule;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.SearchResultEntry;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// How a directory writes the name that somebody typed: it takes `Anna` and ` anna ` for `anna`
/// (RFC 4518), and one user must not be many for rules and logs.
final class Names {
  private static final CaseIgnoreStringMatchingRule RULE =
      CaseIgnoreStringMatchingRule.getInstance();

  private Names() {}

  /// Whether a name can be only one to a reader: directories leave out what cannot be seen, and
  /// take letters of other widths for the usual ones.
  static boolean areClear(String name) {
    return !name.isBlank()
        && Normalizer.isNormalized(name, Normalizer.Form.NFKC)
        && name.codePoints().noneMatch(Names::isUnseen);
  }

  private static boolean isUnseen(int character) {
    int type = Character.getType(character);
    return type == Character.FORMAT
        || type == Character.CONTROL
        || type == Character.NON_SPACING_MARK
        || type == Character.UNASSIGNED
        || type == Character.PRIVATE_USE
        || type == Character.SURROGATE;
  }

  /// Small, and without outer blanks.
  static String normal(String name) {
    return RULE.normalize(new ASN1OctetString(name)).stringValue();
  }

  /// The attributes that a filter compares with the name.
  static Set<String> attributesOf(Filter filter, String name) {
    Set<String> attributes = new HashSet<>();
    if (filter.getFilterType() == Filter.FILTER_TYPE_EQUALITY
        && name.equals(filter.getAssertionValue())) {
      attributes.add(filter.getAttributeName());
    }
    for (Filter part : filter.getComponents()) {
      attributes.addAll(attributesOf(part, name));
    }
    return attributes;
  }

  /// The name as one of these attributes of an entry has it; empty where none has it.
  static Optional<String> inAttributes(
      SearchResultEntry entry, Set<String> attributes, String name) {
    return same(
        attributes.stream()
            .map(entry::getAttributeValues)
            .flatMap(values -> values == null ? Stream.of() : Arrays.stream(values)),
        name);
  }

  /// The name as the entry's own name has it; empty where it is called otherwise.
  static Optional<String> inOwnName(SearchResultEntry entry, String name) {
    try {
      RDN first = entry.getRDN();
      return first == null
          ? Optional.empty()
          : same(Arrays.stream(first.getAttributeValues()), name);
    } catch (LDAPException noName) {
      return Optional.empty();
    }
  }

  private static Optional<String> same(Stream<String> values, String name) {
    return values.filter(value -> normal(value).equals(normal(name))).findFirst();
  }
}
