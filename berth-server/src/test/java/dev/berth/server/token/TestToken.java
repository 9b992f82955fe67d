package dev.berth.server.token;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A token as a service makes it, or as somebody does who hopes to get in.
public final class TestToken {
  public static final String ISSUER = "the service";
  public static final String SERVICE = "the registry";

  private final Map<String, Object> header = new LinkedHashMap<>();
  private final Map<String, Object> claims = new LinkedHashMap<>();

  /// A good one for pulls and pushes of `a/b`, but for the name of its key.
  TestToken(String algorithm) {
    Instant now = Instant.now();
    header("typ", "JWT").header("alg", algorithm);
    claim("iss", ISSUER).claim("aud", SERVICE).claim("sub", "alice");
    claim("exp", now.getEpochSecond() + 300).claim("nbf", now.getEpochSecond());
    claim("access", List.of(access("repository", "a/b", "pull", "push")));
  }

  /// A good one but for its signature, which is by this key.
  public static TestToken by(Signer signer) {
    return new TestToken("ES256").header("kid", KeyIds.fingerprint(signer.pair().getPublic()));
  }

  public static Map<String, Object> access(String type, String name, String... actions) {
    return Map.of("type", type, "name", name, "actions", List.of(actions));
  }

  TestToken header(String name, @Nullable Object value) {
    return set(header, name, value);
  }

  public TestToken claim(String name, @Nullable Object value) {
    return set(claims, name, value);
  }

  private TestToken set(Map<String, Object> map, String name, @Nullable Object value) {
    if (value == null) {
      map.remove(name);
    } else {
      map.put(name, value);
    }
    return this;
  }

  String input() {
    return part(JSONObjectUtils.toJSONString(header))
        + "."
        + part(JSONObjectUtils.toJSONString(claims));
  }

  public String signedBy(Signer signer) throws GeneralSecurityException {
    byte[] input = input().getBytes(StandardCharsets.US_ASCII);
    return input() + "." + part(signer.sign(String.valueOf(header.get("alg")), input));
  }

  String with(byte[] signature) {
    return input() + "." + part(signature);
  }

  static String part(String json) {
    return part(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String part(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
