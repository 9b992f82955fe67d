package dev.berth.config;

/// The oldest version of TLS that is spoken, by the names of registry 2.8.2.
public enum TlsVersion {
  V1_2("tls1.2"),
  V1_3("tls1.3");

  private final String word;

  TlsVersion(String word) {
    this.word = word;
  }

  /// As `config.yml` has it.
  public String word() {
    return word;
  }
}
