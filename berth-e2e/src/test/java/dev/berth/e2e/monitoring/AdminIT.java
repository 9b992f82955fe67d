package dev.berth.e2e.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.Waiting;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The admin API of a real server, for those who may use it and for the others.
class AdminIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String HASH = "$2y$05$3vTlYGPPPAV.x75VqyA6E.Pt.tUcfgK.vPbAk2cr1WLl3wLu/vO/i";
  private static final String FIRST = "first-0123456789abcdef";
  private static final String SECOND = "second-0123456789abcdef";

  @TempDir private Path folder;

  private static HttpResponse<byte[]> status(RunningRegistry berth, String authorization) {
    return berth
        .client()
        .send("GET", "/berth/v1/status", Map.of("Authorization", authorization), new byte[0]);
  }

  private static String basic(String login) {
    byte[] bytes = login.getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  private RunningRegistry start(String more) {
    return Registries.BERTH.start(RegistryConfig.on(folder.resolve("s")).withExtra(more));
  }

  @Test
  void adminsAndTheHoldersOfTheTokenSeeHowTheServerIs() throws IOException {
    Path users =
        Files.writeString(folder.resolve("users"), "bob:%s\nroot:%s\n".formatted(HASH, HASH));
    Path token = Files.writeString(folder.resolve("token"), FIRST + "\n");
    String more =
        """
        auth: {htpasswd: {realm: r, path: %s}}
        berth:
          admin: {tokenfile: %s}
          policy: {rules: [{who: authenticated, may: pull}, {who: root, may: admin}]}
        """
            .formatted(users, token);
    try (RunningRegistry berth = start(more)) {
      for (String shown : new String[] {"Bearer " + FIRST, basic("root:pass")}) {
        HttpResponse<byte[]> answer = status(berth, shown);
        assertThat(answer.statusCode()).as(shown).isEqualTo(200);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
            .contains("\"ready\":{\"pull\":true,\"push\":true}")
            .contains("\"requestsInFlight\":1")
            .contains("{\"key\":\"berth.policy\"", "{\"key\":\"berth.admin.tokenfile\"")
            .doesNotContain(FIRST);
      }
      assertThat(status(berth, basic("bob:pass")).statusCode()).isEqualTo(403);
      for (String shown : new String[] {"", basic("root:wrong"), "Bearer " + SECOND}) {
        assertThat(status(berth, shown).statusCode()).as(shown).isEqualTo(401);
      }

      Files.writeString(token, SECOND);
      Waiting.until(
          "the new token", PATIENCE, () -> status(berth, "Bearer " + SECOND).statusCode() == 200);
      assertThat(status(berth, "Bearer " + FIRST).statusCode()).isEqualTo(401);
      assertThat(berth.log()).doesNotContain(FIRST, SECOND);
    }
  }

  @Test
  void aTokenIsEnoughWhereThereAreNoLogins() throws IOException {
    Path token = Files.writeString(folder.resolve("token"), FIRST);
    try (RunningRegistry berth = start("berth: {admin: {tokenfile: %s}}\n".formatted(token))) {
      assertThat(status(berth, "Bearer " + FIRST).statusCode()).isEqualTo(200);
      HttpResponse<byte[]> nobody = status(berth, "");
      assertThat(nobody.statusCode()).isEqualTo(401);
      assertThat(nobody.headers().firstValue("WWW-Authenticate"))
          .hasValue("Bearer realm=\"berth\"");
      assertThat(berth.client().answers()).isTrue();
    }
  }

  @Test
  void withoutEitherThereIsNone() {
    try (RunningRegistry berth = start("")) {
      assertThat(status(berth, "Bearer " + FIRST).statusCode()).isEqualTo(404);
    }
  }
}
