package dev.berth.server.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadRunTest {
  private FaultyRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry = new FaultyRegistry();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private LoadReport run(LoadPlan plan) throws Exception {
    return Loads.run(registry.target(null), plan, 20);
  }

  private static boolean break503(HttpExchange exchange) throws IOException {
    FaultyRegistry.send(exchange, 503, "{\"errors\":[{\"code\":\"UNAVAILABLE\"}]}");
    return true;
  }

  @Test
  void countsWhatItDidAndDeletesIt() throws Exception {
    LoadReport report = run(Loads.plan(3));

    assertThat(report.isClean()).isTrue();
    assertThat(report.time().endedBy()).isEqualTo("images");
    assertThat(report.time().started()).isEqualTo(Loads.START);
    long pushes = report.of(Operation.PUSH).count();
    long pulls = report.of(Operation.PULL).count();
    assertThat(pushes).isBetween(20L, 22L).isEqualTo(report.verified().acknowledged());
    assertThat(report.verified().found()).isEqualTo(report.verified().acknowledged());
    assertThat(report.cleaned().deleted()).isEqualTo(report.verified().acknowledged());
    assertThat(pulls).isPositive();
    assertThat(report.of(RequestKind.PUT_MANIFEST).count()).isEqualTo(pushes);
    assertThat(report.of(RequestKind.SEND_BLOB).count()).isEqualTo(3 * pushes);
    assertThat(report.of(RequestKind.HEAD_BLOB).count()).isEqualTo(3 * pushes);
    assertThat(report.of(RequestKind.GET_BLOB).count()).isEqualTo(3 * pulls);
    assertThat(report.of(Operation.PUSH).bytes())
        .isEqualTo(
            report.of(RequestKind.SEND_BLOB).bytes() + report.of(RequestKind.PUT_MANIFEST).bytes());
    assertThat(report.of(Operation.PULL).bytes())
        .isEqualTo(
            report.of(RequestKind.GET_BLOB).bytes() + report.of(RequestKind.GET_MANIFEST).bytes());
    assertThat(report.seconds().stream().mapToLong(Second::pushes).sum()).isEqualTo(pushes);
    assertThat(report.seconds().stream().mapToLong(Second::pulls).sum()).isEqualTo(pulls);
    assertThat(registry.asked())
        .contains("PUT /v2/load/u1/manifests/u1-1", "POST /v2/load/u3/blobs/uploads/")
        .anyMatch(asked -> asked.matches("PATCH .*\\?state=a%2Fb"))
        .anyMatch(asked -> asked.matches("PUT .*\\?state=c&digest=sha256:.*"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/blobs/", "/manifests/u"})
  void whatTheServerLosesIsFound(String part) throws Exception {
    var manifests = new AtomicInteger();
    registry.plant(
        e -> {
          boolean put = e.getRequestURI().getPath().matches(".*/manifests/u.*");
          if (put && e.getRequestMethod().equals("PUT") && manifests.incrementAndGet() == 5) {
            assertThat(registry.lose(part)).isTrue();
          }
          return false;
        });

    LoadReport report = run(Loads.plan(1));

    assertThat(report.isClean()).isFalse();
    assertThat(report.verified().lost()).isOne();
    assertThat(report.verified().found())
        .isEqualTo(report.verified().acknowledged() - report.verified().lost());
    assertThat(report.verified().losses())
        .hasSize(report.verified().lost())
        .allMatch(loss -> loss.startsWith("load/u1:u1-") && loss.contains(" answered 404"));
  }

  @Test
  void wrongBytesAreFailuresEvenIfTheyAreRightLater() throws Exception {
    var once = new AtomicInteger();
    registry.plant(
        e -> {
          boolean blob = e.getRequestURI().getPath().contains("/blobs/sha256:");
          if (blob && e.getRequestMethod().equals("GET") && once.getAndIncrement() == 0) {
            FaultyRegistry.send(e, 200, "other bytes");
            return true;
          }
          return false;
        });

    LoadReport report = run(Loads.plan(1, Duration.ofMinutes(1)));

    assertThat(report.isClean()).isFalse();
    assertThat(report.of(Operation.PULL).failed()).isOne();
    assertThat(report.errors())
        .singleElement()
        .satisfies(
            error -> {
              assertThat(error.reason()).isEqualTo("wrong digest");
              assertThat(error.failed()).isOne();
              assertThat(error.request()).isEqualTo(RequestKind.GET_BLOB);
            });
  }

  @Test
  void aFailureIsAFailureWithoutRetries() throws Exception {
    var once = new AtomicInteger();
    registry.plant(
        e -> e.getRequestMethod().equals("PATCH") && once.getAndIncrement() == 0 && break503(e));

    LoadReport report = run(Loads.plan(1));

    assertThat(report.isClean()).isFalse();
    assertThat(report.of(Operation.PUSH).failed()).isOne();
    assertThat(report.of(Operation.PUSH).retried()).isZero();
    assertThat(report.of(RequestKind.SEND_BLOB).failed()).isOne();
    assertThat(report.verified().lost()).isZero();
    assertThat(report.toText())
        .contains("1 times send blob of push: 503 UNAVAILABLE (1 failed, 0 tried again)")
        .contains("20 acknowledged, 20 found, 0 lost\n");
  }

  @Test
  void withRetriesTheWholePushIsDoneAgain() throws Exception {
    var once = new AtomicInteger();
    registry.plant(
        e -> e.getRequestMethod().equals("PATCH") && once.getAndIncrement() == 0 && break503(e));

    LoadReport report = run(Loads.plan(1, Duration.ofMinutes(1)));

    assertThat(report.isClean()).isTrue();
    assertThat(report.of(Operation.PUSH).retried()).isOne();
    assertThat(report.of(Operation.PUSH).failed()).isZero();
    assertThat(report.of(RequestKind.START_UPLOAD).count())
        .isEqualTo(3 * report.of(Operation.PUSH).count() + 1);
    assertThat(report.errors())
        .singleElement()
        .satisfies(error -> assertThat(error.retried()).isOne());
  }

  @Test
  void aServerThatDoesNotDeleteKeepsTheImages() throws Exception {
    registry.plant(
        e -> {
          if (e.getRequestMethod().equals("DELETE")) {
            FaultyRegistry.send(e, 405, "{\"errors\":[{\"code\":\"UNSUPPORTED\"}]}");
            return true;
          }
          return false;
        });

    LoadReport report = run(Loads.plan(1));

    assertThat(report.isClean()).isTrue();
    assertThat(report.toText()).endsWith("kept: the server does not delete\n");
    assertThat(registry.asked().stream().filter(asked -> asked.startsWith("DELETE"))).hasSize(1);
  }
}
