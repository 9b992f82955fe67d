package dev.berth.config;

import java.nio.file.Path;
import java.util.List;

/// What the listener shows of itself and asks of its clients. The files are PEM, and read again
/// when they change.
///
/// @param certificate of the server, with those between it and its root
/// @param key of the certificate; not encrypted
/// @param clientCas roots of the certificates that clients must show; none where they need not
/// @param minimum oldest version that is spoken
/// @param cipherSuites of TLS 1.2, by their standard names; empty for the defaults of the runtime
/// @param http2 whether clients may choose HTTP/2
public record TlsConfig(
    Path certificate,
    Path key,
    List<Path> clientCas,
    TlsVersion minimum,
    List<String> cipherSuites,
    boolean http2) {
  public TlsConfig {
    clientCas = List.copyOf(clientCas);
    cipherSuites = List.copyOf(cipherSuites);
  }
}
