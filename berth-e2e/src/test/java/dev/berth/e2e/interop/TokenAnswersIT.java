package dev.berth.e2e.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.Tools;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Berth answers each token as registry 2.8.2 does, byte for byte: good ones, those that say too
/// little, and those that somebody made who hopes to get in.
final class TokenAnswersIT {
  private static final String DIGEST = "sha256:" + "a".repeat(64);

  /// A map has no order in Go.
  private static final Pattern SCOPE = Pattern.compile("(?<=scope=\")[^\"]*");

  private static final List<String> REQUESTS =
      List.of(
          "GET /v2/",
          "GET /v2/a/b/tags/list",
          "HEAD /v2/a/b/manifests/one",
          "GET /v2/a/b/blobs/" + DIGEST,
          "PUT /v2/a/b/manifests/one",
          "POST /v2/a/b/blobs/uploads/",
          "POST /v2/a/b/blobs/uploads/?mount=" + DIGEST + "&from=c",
          "DELETE /v2/a/b/manifests/" + DIGEST,
          "GET /v2/_catalog");

  @TempDir private Path folder;

  @Test
  void bothAnswerTheSame() throws Exception {
    Tools.get("docker-registry");
    TokenKey service = TokenKey.make(folder, "service");
    TokenKey next = TokenKey.make(folder, "next");
    TokenKey stranger = TokenKey.make(folder, "stranger");
    Path bundle = folder.resolve("bundle.pem");
    Files.writeString(
        bundle, Files.readString(service.certificate()) + Files.readString(next.certificate()));
    String auth =
        "auth: {token: {realm: 'https://auth.example/token', service: the images,"
            + " issuer: the service, rootcertbundle: %s}}\n".formatted(bundle);

    try (RunningRegistry old =
            Registries.DISTRIBUTION_2.start(
                RegistryConfig.on(folder.resolve("old")).withExtra(auth));
        RunningRegistry berth =
            Registries.underTest()
                .start(RegistryConfig.on(folder.resolve("berth")).withExtra(auth))) {
      fields(service, next, stranger)
          .forEach((name, field) -> REQUESTS.forEach(line -> same(name, line, field, old, berth)));
    }
  }

  private static void same(
      String name, String line, String field, RunningRegistry old, RunningRegistry berth) {
    String expected = answer(old, line, field);
    String got = answer(berth, line, field);
    if (expected.startsWith("401")) {
      assertThat(got).as(name + ": " + line).isEqualTo(expected);
    } else {
      // What comes after is another test's.
      assertThat(got).as(name + ": " + line).doesNotStartWith("401");
    }
  }

  private static String answer(RunningRegistry registry, String line, String field) {
    String[] request = line.split(" ", 2);
    Map<String, String> fields = field.isEmpty() ? Map.of() : Map.of("Authorization", field);
    HttpResponse<byte[]> answer =
        registry.client().send(request[0], request[1], fields, new byte[0]);
    String challenge = answer.headers().firstValue("WWW-Authenticate").orElse("none");
    return answer.statusCode()
        + "\n"
        + SCOPE.matcher(challenge).replaceAll(TokenAnswersIT::inOrder)
        + "\n"
        + answer.headers().firstValue("Content-Type").orElse("none")
        + "\n"
        + answer.headers().firstValue("Docker-Distribution-API-Version").orElse("none")
        + "\n"
        + answer.headers().firstValue("Content-Length").orElse("none")
        + "\n"
        + new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static String inOrder(MatchResult scope) {
    return Arrays.stream(scope.group().split(" ", -1))
        .map(
            resource -> {
              int colon = resource.lastIndexOf(':') + 1;
              String[] actions = resource.substring(colon).split(",", -1);
              Arrays.sort(actions);
              return resource.substring(0, colon) + String.join(",", actions);
            })
        .sorted()
        .collect(Collectors.joining(" "));
  }

  private Map<String, String> fields(TokenKey service, TokenKey next, TokenKey stranger)
      throws Exception {
    TokenKey leaf = service.vouchesFor(folder, "leaf");
    long now = Instant.now().getEpochSecond();
    var all = new LinkedHashMap<String, String>();
    all.put("none", "");
    all.put("basic", "Basic YWxpY2U6cGFzcw==");
    all.put("empty", "Bearer ");
    all.put("two", "Bearer a b");
    all.put("no token", "Bearer abc");
    all.put("three parts", "Bearer a.b.c");
    var tokens = new LinkedHashMap<String, MintedToken>();
    tokens.put("good", MintedToken.by(service));
    tokens.put("good of the next key", MintedToken.by(next));
    tokens.put("good by kid", MintedToken.by(service).without("x5c").header("kid", service.id()));
    tokens.put("good by jwk", MintedToken.by(service).without("x5c").header("jwk", service.jwk()));
    tokens.put("good by a chain", MintedToken.by(leaf).x5c(leaf, service));
    tokens.put("a key that none knows", MintedToken.by(service).without("x5c"));
    tokens.put("another kid", MintedToken.by(service).without("x5c").header("kid", "\"x\""));
    tokens.put(
        "another jwk", MintedToken.by(stranger).without("x5c").header("jwk", stranger.jwk()));
    tokens.put("another root", MintedToken.by(stranger));
    tokens.put("another signer", MintedToken.by(stranger).x5c(service));
    tokens.put("a borrowed chain", MintedToken.by(stranger).x5c(stranger, service));
    tokens.put("another issuer", MintedToken.by(service).claim("iss", "\"x\""));
    tokens.put("another audience", MintedToken.by(service).claim("aud", "\"x\""));
    tokens.put("expired", MintedToken.by(service).claim("exp", now - 70));
    tokens.put("just expired", MintedToken.by(service).claim("exp", now - 5));
    tokens.put("never expires", MintedToken.by(service).without("exp"));
    tokens.put("too early", MintedToken.by(service).claim("nbf", now + 100));
    tokens.put("a little early", MintedToken.by(service).claim("nbf", now + 30));
    tokens.put("rights that are none", MintedToken.by(service).claim("access", "\"all\""));
    tokens.put("no rights", MintedToken.by(service).without("access"));
    tokens.put("pull", MintedToken.by(service).access("repository", "a/b", "pull"));
    tokens.put("push", MintedToken.by(service).access("repository", "a/b", "push"));
    tokens.put("delete", MintedToken.by(service).access("repository", "a/b", "delete"));
    tokens.put("all", MintedToken.by(service).access("repository", "a/b", "*"));
    tokens.put("another repository", MintedToken.by(service).access("repository", "a", "*"));
    tokens.put("a pattern", MintedToken.by(service).access("repository", "*", "*"));
    tokens.put("catalog", MintedToken.by(service).access("registry", "catalog", "*"));
    tokens.put("catalog by name", MintedToken.by(service).access("repository", "catalog", "*"));
    for (var token : tokens.entrySet()) {
      all.put(token.getKey(), "Bearer " + token.getValue().signed());
    }
    all.put("scheme in capitals", "BEARER " + MintedToken.by(service).signed());
    all.put("none as algorithm", "Bearer " + MintedToken.by(service).unsigned());
    all.put("a secret made of the key", "Bearer " + MintedToken.by(service).signedWithPublicKey());
    return all;
  }
}
