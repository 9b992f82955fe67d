package dev.berth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.config.DataSize;
import dev.berth.server.load.LoadPlan;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadArgumentsTest {
  private static LoadArguments parse(String line) {
    return LoadArguments.parse(List.of(line.split(" ")));
  }

  @Test
  void aUrlIsEnough() {
    LoadArguments arguments = parse("http://127.0.0.1:5000/");

    LoadPlan plan = arguments.plan();
    assertThat(arguments.url()).isEqualTo(URI.create("http://127.0.0.1:5000"));
    assertThat(plan.users()).isEqualTo(10);
    assertThat(plan.duration()).isEqualTo(Duration.ofMinutes(1));
    assertThat(plan.repository().value()).isEqualTo("load");
    assertThat(plan.size()).isEqualTo(DataSize.ofMebibytes(1));
    assertThat(plan.layers()).isEqualTo(3);
    assertThat(plan.pulls()).isEqualTo(4);
    assertThat(plan.retryFor()).isZero();
    assertThat(plan.think()).isZero();
    assertThat(plan.keep()).isFalse();
    assertThat(arguments.insecure()).isFalse();
    assertThat(arguments.user()).isEmpty();
    assertThat(arguments.ca()).isEmpty();
    assertThat(arguments.json()).isEmpty();
    assertThat(arguments.html()).isEmpty();
  }

  @Test
  void everyOptionCounts() {
    LoadArguments arguments =
        parse(
            "--users 1000 --duration 24h https://r.example/prefix --repository a/b --size 64KiB"
                + " --layers 1 --pulls 0 --user alice --ca ca.pem --retry-for 1m30s --think 250ms"
                + " --keep --json r.json --html r.html");

    LoadPlan plan = arguments.plan();
    assertThat(arguments.url()).isEqualTo(URI.create("https://r.example/prefix"));
    assertThat(plan.users()).isEqualTo(1000);
    assertThat(plan.duration()).isEqualTo(Duration.ofHours(24));
    assertThat(plan.repository().value()).isEqualTo("a/b");
    assertThat(plan.size()).isEqualTo(DataSize.ofKibibytes(64));
    assertThat(plan.layers()).isEqualTo(1);
    assertThat(plan.pulls()).isZero();
    assertThat(plan.retryFor()).isEqualTo(Duration.ofSeconds(90));
    assertThat(plan.think()).isEqualTo(Duration.ofMillis(250));
    assertThat(plan.keep()).isTrue();
    assertThat(arguments.user()).contains("alice");
    assertThat(arguments.ca()).contains(Path.of("ca.pem"));
    assertThat(arguments.json()).contains(Path.of("r.json"));
    assertThat(arguments.html()).contains(Path.of("r.html"));
    assertThat(parse("--insecure https://r.example").insecure()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--bogus http://h",
        "--users http://h",
        "--users 0 http://h",
        "--users 1001 http://h",
        "--users 5 --users 6 http://h",
        "--duration 0s http://h",
        "--duration 25h http://h",
        "--duration 60 http://h",
        "--duration soon http://h",
        "--retry-for -1s http://h",
        "--size 0 http://h",
        "--size 11GiB http://h",
        "--layers 0 http://h",
        "--pulls -1 http://h",
        "--repository A http://h",
        "--user a:b http://h",
        "--ca a --insecure https://h",
        "--json",
        "ftp://h",
        "h:5000",
        "http://",
        "http://a:b@h",
        "http://h?a",
        "http://h http://i"
      })
  void refusesWhatCannotBe(String line) {
    assertThatThrownBy(() -> parse(line))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .hasLineCount(1)
        .hasSizeGreaterThan(10);
  }
}
