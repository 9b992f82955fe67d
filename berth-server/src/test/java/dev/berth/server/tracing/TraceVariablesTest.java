package dev.berth.server.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceVariablesTest {
  private static TraceVariables.Reading read(String... namesAndValues) {
    Map<String, String> environment = new HashMap<>();
    environment.put("OTEL_TRACES_EXPORTER", "otlp");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      environment.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return TraceVariables.read(environment);
  }

  private static TraceSettings settings(String... namesAndValues) {
    TraceVariables.Reading reading = read(namesAndValues);
    assertThat(reading.problems()).isEmpty();
    return reading.settings().orElseThrow();
  }

  @Test
  void isOffUnlessItIsAskedFor() {
    var endpoint = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://a:4318");
    assertThat(TraceVariables.read(Map.of()).settings()).isEmpty();
    assertThat(TraceVariables.read(endpoint).settings()).isEmpty();
    assertThat(read("OTEL_TRACES_EXPORTER", "none").settings()).isEmpty();
    assertThat(read("OTEL_TRACES_EXPORTER", " ").settings()).isEmpty();
    assertThat(read("OTEL_SDK_DISABLED", "TRUE").settings()).isEmpty();
    assertThat(read("OTEL_TRACES_EXPORTER", "none").problems()).isEmpty();
  }

  @Test
  void hasTheDefaultsOfTheSpecification() {
    TraceSettings settings = settings();

    assertThat(settings.endpoint()).isEqualTo(URI.create("http://localhost:4318/v1/traces"));
    assertThat(settings.headers()).isEmpty();
    assertThat(settings.resource()).isEqualTo(Map.of("service.name", "berth"));
    assertThat(settings.sampling()).isEqualTo(new TraceSettings.Sampling(true, 1));
    assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.delay()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void takesTheVariablesForTracesFirst() {
    TraceSettings both =
        settings(
            "OTEL_EXPORTER_OTLP_ENDPOINT", "http://all:1/x",
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://own:2/y",
            "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc",
            "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf",
            "OTEL_EXPORTER_OTLP_HEADERS", "a=1",
            "OTEL_EXPORTER_OTLP_TRACES_HEADERS", "b=2",
            "OTEL_EXPORTER_OTLP_TIMEOUT", "1",
            "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "2");

    assertThat(both.endpoint()).isEqualTo(URI.create("https://own:2/y"));
    assertThat(both.headers()).isEqualTo(Map.of("b", new Secret("2")));
    assertThat(both.timeout()).isEqualTo(Duration.ofMillis(2));
    assertThat(settings("OTEL_EXPORTER_OTLP_ENDPOINT", "http://all:1/x/").endpoint())
        .isEqualTo(URI.create("http://all:1/x/v1/traces"));
  }

  @Test
  void readsListsOfPairs() {
    TraceSettings settings =
        settings(
            "OTEL_EXPORTER_OTLP_HEADERS", "authorization=Basic%20YTpi+c=, x-tenant = t ,",
            "OTEL_RESOURCE_ATTRIBUTES", "service.name=a,zone=b%2Cc",
            "OTEL_SERVICE_NAME", "images");

    assertThat(settings.headers())
        .isEqualTo(
            Map.of("authorization", new Secret("Basic YTpi+c="), "x-tenant", new Secret("t")));
    assertThat(settings.resource()).isEqualTo(Map.of("service.name", "images", "zone", "b,c"));
    assertThat(settings("OTEL_RESOURCE_ATTRIBUTES", "service.name=a").resource())
        .isEqualTo(Map.of("service.name", "a"));
  }

  @ParameterizedTest
  @CsvSource({
    "always_on, '', false, 1",
    "always_off, '', false, 0",
    "traceidratio, 0.25, false, 0.25",
    "traceidratio, '', false, 1",
    "parentbased_always_on, 7, true, 1",
    "parentbased_always_off, '', true, 0",
    "parentbased_traceidratio, 0, true, 0",
  })
  void knowsTheSamplers(String sampler, String ratio, boolean parent, double wanted) {
    assertThat(
            settings("OTEL_TRACES_SAMPLER", sampler, "OTEL_TRACES_SAMPLER_ARG", ratio).sampling())
        .isEqualTo(new TraceSettings.Sampling(parent, wanted));
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_TRACES_EXPORTER, zipkin, known are otlp and none",
    "OTEL_EXPORTER_OTLP_PROTOCOL, grpc, set it to http/protobuf",
    "OTEL_EXPORTER_OTLP_PROTOCOL, http/json, known is http/protobuf",
    "OTEL_EXPORTER_OTLP_ENDPOINT, collector:4318, is no URL that begins with http://",
    "OTEL_EXPORTER_OTLP_ENDPOINT, http://, is no URL",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, ftp://a/, is no URL that begins with http://",
    "OTEL_TRACES_SAMPLER, sometimes, known are always_on",
    "OTEL_EXPORTER_OTLP_TIMEOUT, 10s, a number of milliseconds",
    "OTEL_EXPORTER_OTLP_TIMEOUT, 0, a number of milliseconds",
    "OTEL_BSP_SCHEDULE_DELAY, 99999999, a number of milliseconds",
    "OTEL_RESOURCE_ATTRIBUTES, abc, is no list of name=value",
    "OTEL_EXPORTER_OTLP_CERTIFICATE, /none/such, names no readable file of certificates",
  })
  void saysWhichVariableCannotBeUsed(String name, String value, String wanted) {
    TraceVariables.Reading reading = read(name, value);

    assertThat(reading.settings()).isEmpty();
    assertThat(reading.problems())
        .singleElement()
        .asString()
        .startsWith(name + " ")
        .contains(wanted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "-1", "NaN", "half"})
  void refusesRatiosThatAreNone(String ratio) {
    assertThat(
            read("OTEL_TRACES_SAMPLER", "traceidratio", "OTEL_TRACES_SAMPLER_ARG", ratio)
                .problems())
        .singleElement()
        .asString()
        .contains("no number from 0 to 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "canary",
        "authorization=canary%zz",
        "authorization=canary%0d%0ax: y",
        "a b=canary",
        "Host=canary",
        "content-length=canary",
      })
  void saysNothingOfHeadersThatItRefuses(String headers) {
    assertThat(read("OTEL_EXPORTER_OTLP_HEADERS", headers).problems())
        .singleElement()
        .asString()
        .startsWith("OTEL_EXPORTER_OTLP_HEADERS ")
        .doesNotContain("canary");
  }

  @Test
  void showsNoSecret() {
    assertThat(
            settings(
                    "OTEL_EXPORTER_OTLP_HEADERS", "authorization=canary",
                    "OTEL_EXPORTER_OTLP_ENDPOINT", "https://c:1/path-canary")
                .host())
        .isEqualTo("https://c:1");
    assertThat(settings("OTEL_EXPORTER_OTLP_HEADERS", "authorization=canary").toString())
        .doesNotContain("canary");
    assertThat(read("OTEL_EXPORTER_OTLP_ENDPOINT", "http://bob:canary@c:1").problems())
        .singleElement()
        .asString()
        .contains("holds a login")
        .doesNotContain("canary");
    assertThat(read("OTEL_EXPORTER_OTLP_ENDPOINT", "http://bob:can ary@c:1").problems())
        .singleElement()
        .asString()
        .doesNotContain("can ary");
  }

  @Test
  void refusesFilesWithoutCertificates(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("ca.pem"), "nothing\n");

    assertThat(read("OTEL_EXPORTER_OTLP_CERTIFICATE", file.toString()).problems())
        .singleElement()
        .asString()
        .contains("names no readable file of certificates");
  }
}
