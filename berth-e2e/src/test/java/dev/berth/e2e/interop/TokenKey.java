package dev.berth.e2e.interop;

import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Tools;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/// A key that signs tokens, and its certificate, made by openssl.
///
/// @param certificate PEM file
/// @param key PEM file, PKCS#8
record TokenKey(Path certificate, Path key) {
  private static final int COORDINATE_BYTES = 32;
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  /// One whose certificate it signed itself.
  static TokenKey make(Path folder, String name) {
    TokenKey made = in(folder, name);
    Program.of(
            Tools.get("openssl"),
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-subj",
            "/CN=" + name,
            "-days",
            "2",
            "-keyout",
            made.key,
            "-out",
            made.certificate)
        .run();
    return made;
  }

  /// One whose certificate this one signed.
  TokenKey vouchesFor(Path folder, String name) {
    TokenKey made = in(folder, name);
    Path openssl = Tools.get("openssl");
    Path request = folder.resolve(name + ".csr");
    Program.of(
            openssl,
            "req",
            "-new",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-subj",
            "/CN=" + name,
            "-keyout",
            made.key,
            "-out",
            request)
        .run();
    Program.of(
            openssl,
            "x509",
            "-req",
            "-in",
            request,
            "-CA",
            certificate,
            "-CAkey",
            key,
            "-CAcreateserial",
            "-days",
            "2",
            "-out",
            made.certificate)
        .run();
    return made;
  }

  private static TokenKey in(Path folder, String name) {
    return new TokenKey(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
  }

  private static byte[] pem(Path file) throws IOException {
    String text = Files.readString(file).replaceAll("-----[^-]*-----", "");
    return Base64.getMimeDecoder().decode(text);
  }

  PrivateKey privateKey() throws IOException, GeneralSecurityException {
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pem(key)));
  }

  ECPublicKey publicKey() throws IOException, GeneralSecurityException {
    var bytes = new ByteArrayInputStream(pem(certificate));
    var parsed = CertificateFactory.getInstance("X.509").generateCertificate(bytes);
    return (ECPublicKey) ((X509Certificate) parsed).getPublicKey();
  }

  /// The certificate as `x5c` has it, in quotes.
  String der() throws IOException {
    return '"' + Base64.getEncoder().encodeToString(pem(certificate)) + '"';
  }

  /// A JSON Web Key.
  String jwk() throws IOException, GeneralSecurityException {
    return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}"
        .formatted(
            coordinate(publicKey().getW().getAffineX()),
            coordinate(publicKey().getW().getAffineY()));
  }

  private static String coordinate(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] padded = new byte[COORDINATE_BYTES];
    int length = Math.min(bytes.length, COORDINATE_BYTES);
    System.arraycopy(bytes, bytes.length - length, padded, COORDINATE_BYTES - length, length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(padded);
  }

  /// The fingerprint by which registry 2.8.2 knows the key: 240 bits of its SHA-256 in base 32, in
  /// quotes.
  String id() throws IOException, GeneralSecurityException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(publicKey().getEncoded());
    var number = new BigInteger(1, Arrays.copyOf(hash, 30));
    var text = new StringBuilder();
    for (int shift = 235; shift >= 0; shift -= 5) {
      text.append(BASE32.charAt(number.shiftRight(shift).intValue() & 31));
    }
    return '"' + text.toString().replaceAll("(.{4})(?!$)", "$1:") + '"';
  }
}
