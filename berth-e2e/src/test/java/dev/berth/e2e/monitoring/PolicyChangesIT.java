package dev.berth.e2e.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The policy of a running registry is changed, broken and mended, and whoever watches it sees so.
class PolicyChangesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String HASH = "$2y$05$3vTlYGPPPAV.x75VqyA6E.Pt.tUcfgK.vPbAk2cr1WLl3wLu/vO/i";
  private static final String FAILED = "berth_reload_failed[key=\"berth.policy\"]";

  @TempDir private Path folder;

  /// The file that it was started with.
  private static Path configuration(Monitored berth) {
    String[] words =
        ProcessHandle.of(berth.registry().pid()).orElseThrow().info().arguments().orElseThrow();
    return Path.of(words[words.length - 1]);
  }

  private static int pushes(Monitored berth) {
    String login = Base64.getEncoder().encodeToString("bob:pass".getBytes(StandardCharsets.UTF_8));
    return berth
        .client()
        .send(
            "POST", "/v2/a/blobs/uploads/", Map.of("Authorization", "Basic " + login), new byte[0])
        .statusCode();
  }

  @Test
  void saysWhatBecameOfThePolicyAndOfWhoWasRefused() throws IOException {
    Path users = Files.writeString(folder.resolve("users"), "bob:" + HASH + "\n");
    Path audit = folder.resolve("audit");
    String more =
        """
        auth: {htpasswd: {realm: r, path: %s}}
        berth:
          audit: {path: %s}
          policy: {rules: [{who: bob, may: pull}]}
        """
            .formatted(users, audit);
    try (var berth = Monitored.start(Registries.BERTH, folder.resolve("s"), Map.of(), more)) {
      Path file = configuration(berth);
      String pull = Files.readString(file);
      assertThat(berth.scrape().series()).containsEntry(FAILED, 0.0);
      assertThat(pushes(berth)).isEqualTo(403);
      assertThat(audit)
          .content()
          .contains("\"outcome\":\"refused\",\"status\":403,\"user\":\"bob\"")
          .contains("\"reason\":\"no rule of the policy lets bob push in a\"");

      Files.writeString(file, pull.replace("may: pull", "may: fly"));
      Waiting.until("seen", PATIENCE, () -> berth.scrape().get(FAILED) == 1);
      assertThat(berth.get("/debug/health"))
          .contains("\"reload_berth.policy\":\"" + file)
          .contains("berth.policy.rules[].may: expected pull");
      assertThat(berth.registry().log()).contains("what it held before still holds");
      assertThat(pushes(berth)).isEqualTo(403);

      Files.writeString(file, pull.replace("may: pull", "may: push"));
      Waiting.until("holds", PATIENCE, () -> pushes(berth) == 202);
      assertThat(berth.scrape().series()).containsEntry(FAILED, 0.0);
      assertThat(berth.get("/debug/health")).isEqualTo("{}");
    }
  }
}
