package dev.berth.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineBasicsTest {
  @TempDir Path directory;
  private HttpEngine engine;

  @BeforeEach
  void start() throws IOException {
    engine =
        HttpEngine.start(
            EngineSettings.defaults("127.0.0.1", 0, HttpResponse.of(503)), this::handle);
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private void handle(HttpExchange exchange) {
    try {
      if (exchange.head().path().equals("/file")) {
        FileChannel file = FileChannel.open(directory.resolve("file"));
        exchange.respond(
            new HttpResponse(
                200, List.of(), new Content.File(file, 5, file.size() - 5, () -> close(file))));
        return;
      }
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (ByteBuffer b = exchange.body().next(); b != null; b = exchange.body().next()) {
        digest.update(b);
      }
      String text =
          exchange.head().method()
              + " "
              + exchange.head().path()
              + " "
              + HexFormat.of().formatHex(digest.digest());
      exchange.respond(
          HttpResponse.of(200).with(new Content.Bytes(text.getBytes(StandardCharsets.UTF_8))));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void close(FileChannel file) {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aLargeBodyArrivesUnchanged() throws Exception {
    byte[] body = new byte[20 << 20];
    new Random(1).nextBytes(body);
    try (RawClient client = new RawClient(engine.port())) {
      for (int i = 0; i < 3; i++) {
        client
            .send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length + "\r\n\r\n")
            .send(body);
        assertThat(client.reply().text())
            .isEqualTo(
                "POST /x "
                    + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body)));
      }
    }
  }

  @Test
  void aFileIsSentFromItsOffset() throws Exception {
    byte[] content = new byte[3_000_000];
    new Random(2).nextBytes(content);
    Files.write(directory.resolve("file"), content);
    try (RawClient client = new RawClient(engine.port())) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.get("/file").body())
            .isEqualTo(Arrays.copyOfRange(content, 5, content.length));
      }
    }
  }
}
