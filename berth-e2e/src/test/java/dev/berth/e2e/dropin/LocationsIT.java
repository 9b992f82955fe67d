package dev.berth.e2e.dropin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Where answers send clients on: `http.host`, `http.relativeurls`, `http.prefix` and the headers
/// of proxies, compared with what registry 2.8.2 answers to the same requests.
class LocationsIT {
  private static final List<Map<String, String>> PROXIES =
      List.of(
          Map.of(),
          Map.of("X-Forwarded-Proto", "https"),
          Map.of("X-Forwarded-Proto", "https", "X-Forwarded-Host", "images.example.com, inner"),
          Map.of("X-Forwarded-Host", "images.example.com:8443"),
          Map.of("Forwarded", "proto=https;host=forwarded.example.com"),
          Map.of(
              "Forwarded", "proto=https;host=forwarded.example.com",
              "X-Forwarded-Host", "ignored.example.com"));

  @TempDir private Path folder;

  static List<Arguments> settings() {
    return List.of(
        Arguments.of("", Map.of("REGISTRY_HTTP_RELATIVEURLS", "false")),
        Arguments.of("", Map.of("REGISTRY_HTTP_RELATIVEURLS", "true")),
        Arguments.of("", Map.of("REGISTRY_HTTP_HOST", "https://images.example.com")),
        Arguments.of(
            "",
            Map.of(
                "REGISTRY_HTTP_HOST", "https://images.example.com:5443",
                "REGISTRY_HTTP_RELATIVEURLS", "true")),
        Arguments.of(
            "/my", Map.of("REGISTRY_HTTP_PREFIX", "/my/", "REGISTRY_HTTP_RELATIVEURLS", "false")));
  }

  /// Registry 2.8.2 forgets the prefix here, and so sends its clients to a page that it does not
  /// have.
  @Test
  void keepThePrefixWhenTheyAreRelative() {
    var both = Map.of("REGISTRY_HTTP_PREFIX", "/my/", "REGISTRY_HTTP_RELATIVEURLS", "true");

    assertThat(ask(Registries.BERTH, "/my", both))
        .hasSameSizeAs(PROXIES)
        .containsOnly("/my/v2/a/b/blobs/uploads/ID");
  }

  /// A proxy that ends TLS and says nothing of it would have 2.8.2 send its clients to `http`.
  @Test
  void areRelativeWhereNobodySaysOtherwise() {
    List<String> locations = ask(Registries.BERTH, "", Map.of());

    assertThat(locations).hasSameSizeAs(PROXIES);
    assertThat(locations.getFirst()).isEqualTo("/v2/a/b/blobs/uploads/ID");
    assertThat(locations.subList(1, locations.size())).allMatch(url -> url.startsWith("http"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("settings")
  void areThoseOfRegistry282(String prefix, Map<String, String> environment) {
    Tools.get("docker-registry");

    List<String> ours = ask(Registries.BERTH, prefix, environment);
    List<String> theirs = ask(Registries.DISTRIBUTION_2, prefix, environment);

    assertThat(ours).hasSameSizeAs(PROXIES).isEqualTo(theirs);
  }

  private List<String> ask(Registries kind, String prefix, Map<String, String> environment) {
    List<String> locations = new ArrayList<>();
    RegistryConfig config = RegistryConfig.on(folder.resolve(kind.name()));
    try (RunningRegistry registry = kind.start(config, environment)) {
      for (Map<String, String> proxy : PROXIES) {
        var answer =
            registry.client().send("POST", prefix + "/v2/a/b/blobs/uploads/", proxy, new byte[0]);
        assertThat(answer.statusCode()).isEqualTo(202);
        locations.add(
            answer
                .headers()
                .firstValue("Location")
                .orElse("none")
                .replace(registry.host(), "HOST")
                .replaceFirst("uploads/.*", "uploads/ID"));
      }
    }
    return locations;
  }
}
