package dev.berth.e2e.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A token that the tests make themselves. Values are JSON.
final class MintedToken {
  private final TokenKey key;
  private final Map<String, Object> header = new LinkedHashMap<>();
  private final Map<String, Object> claims = new LinkedHashMap<>();

  private MintedToken(TokenKey key) {
    this.key = key;
  }

  /// A good one with the certificate of its key, for pulls and pushes of `a/b`.
  static MintedToken by(TokenKey key) throws IOException {
    long now = Instant.now().getEpochSecond();
    return new MintedToken(key)
        .header("typ", "\"JWT\"")
        .header("alg", "\"ES256\"")
        .x5c(key)
        .claim("iss", "\"the service\"")
        .claim("aud", "\"the images\"")
        .claim("sub", "\"alice\"")
        .claim("exp", now + 300)
        .claim("nbf", now)
        .access("repository", "a/b", "pull", "push");
  }

  MintedToken header(String name, String value) {
    header.put(name, value);
    return this;
  }

  MintedToken x5c(TokenKey... chain) throws IOException {
    var all = new StringBuilder("[");
    for (TokenKey each : chain) {
      all.append(all.length() == 1 ? "" : ",").append(each.der());
    }
    return header("x5c", all + "]");
  }

  MintedToken claim(String name, Object value) {
    claims.put(name, value);
    return this;
  }

  MintedToken access(String type, String name, String... actions) {
    String list = Arrays.stream(actions).map(a -> '"' + a + '"').collect(Collectors.joining(","));
    return claim(
        "access",
        "[{\"type\":\"%s\",\"name\":\"%s\",\"actions\":[%s]}]".formatted(type, name, list));
  }

  MintedToken without(String name) {
    header.remove(name);
    claims.remove(name);
    return this;
  }

  private String input() {
    return part(json(header)) + "." + part(json(claims));
  }

  private static byte[] json(Map<String, Object> map) {
    return map.entrySet().stream()
        .map(entry -> '"' + entry.getKey() + "\":" + entry.getValue())
        .collect(Collectors.joining(",", "{", "}"))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String part(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  String signed() throws IOException, GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initSign(key.privateKey());
    signature.update(input().getBytes(StandardCharsets.US_ASCII));
    return input() + "." + part(signature.sign());
  }

  String unsigned() {
    header("alg", "\"none\"");
    return input() + ".";
  }

  /// As somebody would who hopes that the registry takes the key for a shared secret.
  String signedWithPublicKey() throws IOException, GeneralSecurityException {
    header("alg", "\"HS256\"");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key.publicKey().getEncoded(), "HmacSHA256"));
    return input() + "." + part(mac.doFinal(input().getBytes(StandardCharsets.US_ASCII)));
  }
}
