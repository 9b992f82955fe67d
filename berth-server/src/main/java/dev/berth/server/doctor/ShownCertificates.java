package dev.berth.server.doctor;

import java.io.ByteArrayInputStream;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/// Certificates as a server shows them: its own first, each vouched for by the next.
///
/// @param chain at least one
record ShownCertificates(List<X509Certificate> chain) {
  private static final Duration SOON = Duration.ofDays(21);
  private static final int DNS = 2;
  private static final int ADDRESS = 7;

  ShownCertificates {
    chain = List.copyOf(chain);
  }

  /// Reads a PEM file.
  ///
  /// @throws CertificateException it holds none, or something else
  static ShownCertificates parse(byte[] pem) throws CertificateException {
    Collection<? extends Certificate> all =
        CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
    List<X509Certificate> chain = new ArrayList<>();
    for (Certificate each : all) {
      if (each instanceof X509Certificate x509) {
        chain.add(x509);
      }
    }
    if (chain.isEmpty()) {
      throw new CertificateException("holds no certificate; give a PEM file with one");
    }
    return new ShownCertificates(chain);
  }

  X509Certificate own() {
    return chain.getFirst();
  }

  boolean isSelfSigned() {
    return own().getSubjectX500Principal().equals(own().getIssuerX500Principal());
  }

  /// Whether the server's own is valid by its times.
  boolean isValidAt(Instant now) {
    return !now.isAfter(own().getNotAfter().toInstant())
        && !now.isBefore(own().getNotBefore().toInstant());
  }

  void times(Instant now, String renew, Findings findings) {
    for (X509Certificate each : chain) {
      Instant end = each.getNotAfter().toInstant();
      String name = "the certificate of " + each.getSubjectX500Principal().getName();
      if (now.isAfter(end) && each.equals(own())) {
        findings.fail(name + " expired " + end, renew);
      } else if (now.isAfter(end)) {
        findings.warn(
            name + ", which is shown too, expired " + end + ": some clients refuse the chain",
            "take it out of the chain, or put the new one there");
      } else if (now.isBefore(each.getNotBefore().toInstant())) {
        findings.fail(
            name + " is not valid before " + each.getNotBefore().toInstant(),
            "set this machine's clock, or wait");
      } else if (now.plus(SOON).isAfter(end)) {
        findings.warn(
            name + " expires " + end + ", in " + Duration.between(now, end).toDays() + " days",
            renew);
      } else {
        findings.ok(name + " is valid until " + end);
      }
    }
  }

  /// Whether each is signed by the next, as clients need them.
  void order(String where, Findings findings) {
    for (int i = 0; i + 1 < chain.size(); i++) {
      X509Certificate each = chain.get(i);
      X509Certificate next = chain.get(i + 1);
      if (!each.getIssuerX500Principal().equals(next.getSubjectX500Principal())) {
        findings.fail(
            where
                + " shows certificates in a wrong order: number "
                + (i + 2)
                + " ("
                + next.getSubjectX500Principal().getName()
                + ") is not the issuer of the one before",
            "put the server's own first, then that of its issuer, and so on (fullchain.pem)");
        return;
      }
    }
    if (chain.size() > 1) {
      findings.ok(chain.size() + " certificates in the right order");
    } else if (!isSelfSigned()) {
      findings.note(
          where
              + " shows one certificate alone, of issuer "
              + own().getIssuerX500Principal().getName()
              + ": clients that do not know the issuer itself need it in the chain");
    }
  }

  void names(String host, Findings findings) {
    if (isFor(host)) {
      findings.ok("the certificate is for " + host);
    } else {
      findings.fail(
          "the certificate is not for " + host + " but for " + String.join(", ", names()),
          "have one made with subjectAltName "
              + (isAddress(host) ? "IP:" : "DNS:")
              + host
              + ", or have clients come by one of its names");
    }
  }

  boolean isFor(String host) {
    return names().stream().anyMatch(name -> matches(name.toLowerCase(Locale.ROOT), bare(host)));
  }

  /// The names that count: clients pass over the common name (RFC 6125).
  private List<String> names() {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> all = own().getSubjectAlternativeNames();
      for (List<?> each : all == null ? List.<List<?>>of() : all) {
        if (each.get(0) instanceof Integer kind && (kind == DNS || kind == ADDRESS)) {
          names.add(String.valueOf(each.get(1)));
        }
      }
    } catch (CertificateParsingException e) {
      // As one that has none.
    }
    return names.isEmpty() ? List.of("no name (subjectAltName is missing)") : names;
  }

  private static boolean matches(String name, String host) {
    int dot = host.indexOf('.');
    return name.equals(host)
        || (name.startsWith("*.")
            && dot > 0
            && !isAddress(host)
            && name.substring(1).equals(host.substring(dot)));
  }

  private static String bare(String host) {
    return host.replaceAll("^\\[|]$", "").toLowerCase(Locale.ROOT);
  }

  private static boolean isAddress(String host) {
    return host.contains(":") || host.matches("[0-9.]+");
  }
}
