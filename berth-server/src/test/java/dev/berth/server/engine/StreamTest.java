package dev.berth.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.QuietLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests and answers by HTTP/2, with the JDK's client.
class StreamTest {
  private static final int BYTES = 3_500_000;

  @TempDir private Path folder;
  private final byte[] content = new byte[BYTES];
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger released = new AtomicInteger();
  private final List<RequestHead> heads = new CopyOnWriteArrayList<>();
  private TestingEngine engine;
  private HttpClient client;

  @BeforeEach
  void start() throws IOException {
    new Random(5).nextBytes(content);
    Files.write(folder.resolve("file"), content);
    engine =
        TestingEngine.start(TestingEngine.settings().with(TestTls.settings(true)), this::serve);
    client = client(HttpClient.Version.HTTP_2);
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    engine.close();
  }

  private static HttpClient client(HttpClient.Version version) {
    return HttpClient.newBuilder().sslContext(TestTls.client()).version(version).build();
  }

  private void serve(HttpExchange exchange) throws IOException {
    heads.add(exchange.head());
    List<String> parts = List.of(exchange.head().path().split("/", -1));
    switch (parts.get(1)) {
      case "file" -> {
        FileChannel channel = FileChannel.open(folder.resolve("file"));
        opened.incrementAndGet();
        long offset = Long.parseLong(parts.get(2));
        long length = Long.parseLong(parts.get(3));
        exchange.respond(
            HttpResponse.of(200)
                .with(new Content.File(channel, offset, length, () -> release(channel))));
      }
      case "range" -> {
        opened.incrementAndGet();
        exchange.respond(
            HttpResponse.of(200)
                .with(
                    new Content.Range(
                        (target, position) -> {
                          int length = Math.min(target.remaining(), BYTES - (int) position);
                          target.put(content, (int) position, length);
                          return length;
                        },
                        7,
                        BYTES - 7,
                        released::incrementAndGet)));
      }
      case "none" -> exchange.respond(new HttpResponse(204, List.of(), new Content.None()));
      case "bytes" ->
          exchange.respond(HttpResponse.of(200).with(new Content.Bytes(content.clone())));
      case "fields" ->
          exchange.respond(
              new HttpResponse(
                  200,
                  List.of("X-Many", "a", "X-Many", "b", "Connection", "close", "Upgrade", "x"),
                  new Content.Bytes(new byte[] {'x'})));
      case "unread" -> exchange.respond(TestingEngine.text("no"));
      case "throws" -> throw new IOException("planned by this test");
      default -> exchange.respond(TestingEngine.text("took " + TestingEngine.count(exchange)));
    }
  }

  private void release(FileChannel channel) {
    released.incrementAndGet();
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + engine.port() + path))
        .timeout(Duration.ofSeconds(60));
  }

  private java.net.http.HttpResponse<byte[]> get(String path) throws Exception {
    return client.send(to(path).build(), BodyHandlers.ofByteArray());
  }

  @Test
  void requestsAreSeenAsByHttp1() throws Exception {
    var answer =
        client.send(
            to("/a/b%20c?d=e&f").header("X-Some", "1").header("x-some", "2").build(),
            BodyHandlers.ofString());
    assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("took 0");
    assertThat(answer.headers().firstValue("date")).isPresent();
    assertThat(answer.headers().firstValue("content-length")).contains("6");
    RequestHead head = heads.getFirst();
    assertThat(head.method()).isEqualTo("GET");
    assertThat(head.path()).isEqualTo("/a/b%20c");
    assertThat(head.query()).isEqualTo("d=e&f");
    assertThat(head.version()).isEqualTo("HTTP/2.0");
    assertThat(head.secure()).isTrue();
    assertThat(head.remote()).startsWith("127.0.0.1:");
    assertThat(head.headers().first("Host")).contains("localhost:" + engine.port());
    assertThat(head.headers().all("host")).containsExactly("localhost:" + engine.port());
    assertThat(head.headers().all("X-SOME")).containsExactly("1", "2");
    assertThat(head.headers().first("X-Other")).isEmpty();
  }

  @Test
  void whoCannotSpeakItOrMayNotIsServedByHttp1() throws Exception {
    try (HttpClient old = client(HttpClient.Version.HTTP_1_1)) {
      var answer = old.send(to("/").build(), BodyHandlers.ofString());
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      assertThat(heads.getLast().version()).isEqualTo("HTTP/1.1");
    }
    EngineSettings without = TestingEngine.settings().with(TestTls.settings(false));
    try (TestingEngine other = TestingEngine.start(without, this::serve)) {
      URI uri = URI.create("https://localhost:" + other.port() + "/");
      var answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }
  }

  @Test
  void anyContentArrivesUnchanged() throws Exception {
    long[][] parts = {{0, BYTES}, {0, 0}, {5, 1}, {1, 65_536}, {7, 65_537}, {3, (2 << 20) + 1}};
    for (long[] part : parts) {
      assertThat(get("/file/" + part[0] + "/" + part[1]).body())
          .isEqualTo(Arrays.copyOfRange(content, (int) part[0], (int) (part[0] + part[1])));
    }
    assertThat(get("/range").body()).isEqualTo(Arrays.copyOfRange(content, 7, BYTES));
    assertThat(get("/bytes").body()).isEqualTo(content);
    assertThat(get("/none").statusCode()).isEqualTo(204);
    TestingEngine.eventually("released", () -> released.get() == opened.get());
    TestingEngine.eventually("nothing in flight", () -> engine.engine.inFlight() == 0);
    assertThat(engine.engine.load().copiedBytes()).isZero();
    assertThat(engine.engine.load().answerBytes()).isZero();
  }

  @Test
  void headSendsTheLengthAlone() throws Exception {
    var answer =
        client.send(
            to("/file/0/1000").method("HEAD", BodyPublishers.noBody()).build(),
            BodyHandlers.ofByteArray());
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValue("content-length")).contains("1000");
    TestingEngine.eventually("released", () -> released.get() == 1);
  }

  @Test
  void fieldsOfHttp1AloneAreLeftOut() throws Exception {
    var answer = get("/fields");
    assertThat(answer.headers().allValues("x-many")).containsExactly("a", "b");
    assertThat(answer.headers().map()).doesNotContainKeys("connection", "upgrade");
  }

  @Test
  void bodiesOfAnySizeArriveWhole() throws Exception {
    for (int size : new int[] {0, 1, 65_535, 65_536, BYTES}) {
      byte[] body = Arrays.copyOf(content, size);
      var known = to("/").PUT(BodyPublishers.ofByteArray(body)).build();
      assertThat(client.send(known, BodyHandlers.ofString()).body()).isEqualTo("took " + size);
      var unknown =
          to("/")
              .PUT(BodyPublishers.ofByteArrays(List.of(body, body)))
              .expectContinue(true)
              .build();
      assertThat(client.send(unknown, BodyHandlers.ofString()).body())
          .isEqualTo("took " + 2 * size);
    }
    assertThat(engine.engine.load().bodyBytes()).isZero();
  }

  @Test
  void answersCannotBeLostBehindABodyThatNobodyReads() throws Exception {
    for (int size : new int[] {1000, BYTES}) {
      var put = to("/unread").PUT(BodyPublishers.ofByteArray(Arrays.copyOf(content, size))).build();
      assertThat(client.send(put, BodyHandlers.ofString()).body()).isEqualTo("no");
    }
    TestingEngine.eventually("no stream left", () -> engine.engine.load().headBytes() == 0);
  }

  @Test
  void failuresOfHandlersAreAnswered() throws Exception {
    try (QuietLog log = new QuietLog()) {
      assertThat(get("/throws").statusCode()).isEqualTo(500);
      assertThat(log.messages()).anyMatch(line -> line.contains("request failed"));
    }
  }

  @Test
  void manyAtOnceOnOneConnection() throws Exception {
    int part = 600_000;
    byte[] body = Arrays.copyOf(content, part);
    assertThat(get("/").statusCode()).isEqualTo(200);
    List<CompletableFuture<java.net.http.HttpResponse<byte[]>>> answers = new ArrayList<>();
    List<CompletableFuture<java.net.http.HttpResponse<String>>> pushes = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      answers.add(client.sendAsync(to("/file/0/" + part).build(), BodyHandlers.ofByteArray()));
      pushes.add(
          client.sendAsync(
              to("/").PUT(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofString()));
    }
    for (var answer : answers) {
      assertThat(answer.get().body()).isEqualTo(body);
    }
    for (var push : pushes) {
      assertThat(push.get().body()).isEqualTo("took " + part);
    }
    assertThat(engine.engine.load().connections()).isEqualTo(1);
  }
}
