package dev.berth.config.load;

import static dev.berth.config.load.ValueTypes.BOOLEAN;
import static dev.berth.config.load.ValueTypes.PATH;
import static dev.berth.config.load.ValueTypes.TEXT;
import static dev.berth.config.load.ValueTypes.listOf;

import dev.berth.config.TlsConfig;
import dev.berth.config.TlsVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keys under `http.tls` that work, and the one that says what is spoken over it.
final class TlsKeys {
  private static final Key<Path> CERTIFICATE =
      Key.optional(
          "http.tls.certificate",
          PATH,
          "PEM file with the certificate and those between it and its root; turns TLS on. Read again"
              + " when it changes.");
  private static final Key<Path> KEY =
      Key.optional(
          "http.tls.key", PATH, "PEM file with the certificate's key: RSA or EC, not encrypted.");
  private static final Key<List<Path>> CLIENT_CAS =
      Key.optional(
          "http.tls.clientcas",
          listOf(PATH),
          "PEM files with the roots of the certificates that clients must show.");
  private static final Key<String> MINIMUM =
      Key.of(
          "http.tls.minimumtls",
          TEXT,
          TlsVersion.V1_2.word(),
          "Oldest version: `tls1.2` or `tls1.3`. Older ones are raised to `tls1.2`.");
  private static final Key<List<String>> CIPHER_SUITES =
      Key.optional(
          "http.tls.ciphersuites",
          listOf(TEXT),
          "Cipher suites of TLS 1.2. Those without forward secrecy (`TLS_RSA_…`) are left out.");
  private static final Key<Boolean> NO_HTTP2 =
      Key.of(
          "http.http2.disabled",
          BOOLEAN,
          false,
          "Turns off HTTP/2, which clients may choose over TLS.");
  private static final List<String> TOO_OLD = List.of("tls1.0", "tls1.1");
  private static final String NO_FORWARD_SECRECY = "TLS_RSA_";

  static final List<SchemaEntry> ALL =
      List.of(CERTIFICATE, KEY, CLIENT_CAS, MINIMUM, CIPHER_SUITES, NO_HTTP2);

  private TlsKeys() {}

  /// Null where TLS is not asked for.
  static @Nullable TlsConfig read(Settings settings) {
    boolean http2 = !settings.get(NO_HTTP2);
    Path certificate = settings.find(CERTIFICATE);
    Path key = settings.find(KEY);
    List<Path> clientCas = settings.find(CLIENT_CAS);
    if (certificate == null) {
      // Registry 2.8.2 serves without TLS then. Somebody meant to have it.
      if (key != null || clientCas != null) {
        settings
            .report()
            .problem(
                settings.origin("http.tls"),
                CERTIFICATE.path(),
                "missing; without it there is no TLS, whatever else is said of it");
      }
      return null;
    }
    if (key == null) {
      settings
          .report()
          .problem(settings.origin("http.tls"), KEY.path(), "missing; a certificate needs its key");
      return null;
    }
    return new TlsConfig(
        certificate,
        key,
        clientCas == null ? List.of() : clientCas,
        minimum(settings),
        cipherSuites(settings),
        http2);
  }

  private static TlsVersion minimum(Settings settings) {
    String given = settings.get(MINIMUM);
    for (TlsVersion version : TlsVersion.values()) {
      if (version.word().equals(given)) {
        return version;
      }
    }
    Origin where = settings.origin(MINIMUM.path());
    if (TOO_OLD.contains(given)) {
      settings
          .report()
          .warning(
              where, MINIMUM.path(), given + " is too old to be safe; tls1.2 is the oldest here");
    } else {
      settings
          .report()
          .problem(where, MINIMUM.path(), "expected tls1.2 or tls1.3, got \"" + given + "\"");
    }
    return TlsVersion.V1_2;
  }

  private static List<String> cipherSuites(Settings settings) {
    List<String> given = settings.find(CIPHER_SUITES);
    List<String> taken = new ArrayList<>();
    for (String suite : given == null ? List.<String>of() : given) {
      if (suite.startsWith(NO_FORWARD_SECRECY)) {
        settings
            .report()
            .warning(
                settings.origin(CIPHER_SUITES.path()),
                CIPHER_SUITES.path(),
                suite + " has no forward secrecy; left out");
      } else {
        taken.add(suite);
      }
    }
    if (taken.isEmpty() && given != null && !given.isEmpty()) {
      settings
          .report()
          .problem(
              settings.origin(CIPHER_SUITES.path()),
              CIPHER_SUITES.path(),
              "none of these cipher suites can be used; name others or take the key out");
    }
    return taken;
  }
}
