package dev.berth.server.token;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;

/// A key of a token service, made for one test, with the certificate that goes with it.
///
/// @param certificate in DER
public record Signer(String name, KeyPair pair, byte[] certificate) {
  private static final String ECDSA_SHA256 = "1.2.840.10045.4.3.2";
  private static final String SHA256_RSA = "1.2.840.113549.1.1.11";

  /// A key and a certificate that it signed itself, good for signing others.
  static Signer root(String name, KeyPair pair) throws Exception {
    return new Signer(
        name, pair, certificate(name, pair, name, pair.getPrivate(), true, Instant.now()));
  }

  public static Signer root(String name) throws Exception {
    return root(name, ec("secp256r1"));
  }

  /// A key for whose certificate this one vouches.
  Signer vouchesFor(String other, boolean authority, Instant from) throws Exception {
    KeyPair its = ec("secp256r1");
    return new Signer(
        other, its, certificate(other, its, name, pair.getPrivate(), authority, from));
  }

  static KeyPair ec(String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    return generator.generateKeyPair();
  }

  static KeyPair rsa() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  static KeyPair ed25519() throws GeneralSecurityException {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  private static byte[] certificate(
      String name, KeyPair pair, String issuer, PrivateKey signer, boolean authority, Instant from)
      throws Exception {
    boolean rsa = signer.getAlgorithm().equals("RSA");
    var algorithm =
        new AlgorithmIdentifier(new ASN1ObjectIdentifier(rsa ? SHA256_RSA : ECDSA_SHA256));
    var body = new V3TBSCertificateGenerator();
    body.setSerialNumber(new ASN1Integer(BigInteger.valueOf(name.hashCode() & 0xffffL)));
    body.setIssuer(new X500Name("CN=" + issuer));
    body.setSubject(new X500Name("CN=" + name));
    body.setStartDate(new Time(Date.from(from.minusSeconds(60))));
    body.setEndDate(new Time(Date.from(from.plusSeconds(3600))));
    body.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
    body.setSignature(algorithm);
    var extensions = new ExtensionsGenerator();
    extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    body.setExtensions(extensions.generate());
    var tbs = body.generateTBSCertificate();
    Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA");
    signature.initSign(signer);
    signature.update(tbs.getEncoded());
    var all = new ASN1EncodableVector();
    all.add(tbs);
    all.add(algorithm);
    all.add(new DERBitString(signature.sign()));
    return new DERSequence(all).getEncoded();
  }

  public String pem() {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate)
        + "\n-----END CERTIFICATE-----\n";
  }

  /// As `x5c` has it.
  String der() {
    return Base64.getEncoder().encodeToString(certificate);
  }

  /// By the name that a token's header has for it.
  byte[] sign(String algorithm, byte[] input) throws GeneralSecurityException {
    Signature signature =
        Signature.getInstance(
            switch (algorithm.substring(0, 2)) {
              case "RS" -> "SHA" + algorithm.substring(2) + "withRSA";
              case "PS" -> "RSASSA-PSS";
              case "ES" -> "SHA" + algorithm.substring(2) + "withECDSAinP1363Format";
              case "Ed" -> "Ed25519";
              default -> throw new IllegalArgumentException(algorithm);
            });
    if (algorithm.startsWith("PS")) {
      signature.setParameter(pss(algorithm.substring(2)));
    }
    signature.initSign(pair.getPrivate());
    signature.update(input);
    return signature.sign();
  }

  private static AlgorithmParameterSpec pss(String bits) {
    String hash = "SHA-" + bits;
    return new PSSParameterSpec(
        hash,
        "MGF1",
        new MGF1ParameterSpec(hash),
        Integer.parseInt(bits) / Byte.SIZE,
        PSSParameterSpec.TRAILER_FIELD_BC);
  }
}
