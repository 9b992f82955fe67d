package dev.berth.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.oci.Digest;
import dev.berth.oci.PageRequest;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.oci.wire.OciRequest;
import dev.berth.server.engine.HttpHeaders;
import dev.berth.server.engine.HttpResponse;
import dev.berth.server.engine.RequestHead;
import dev.berth.server.http.Served;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTest {
  private static final RepositoryName REPOSITORY = new RepositoryName("a/b");
  private static final Digest DIGEST = Digest.parse("sha256:" + "a".repeat(64));
  private static final String NOW = "2026-11-27T10:11:12Z";

  private static final PageRequest EVERYTHING =
      new PageRequest(OptionalInt.empty(), Optional.empty());

  @TempDir private Path folder;

  private static Served served(OciRequest request, int status, String agent) {
    var headers = new Agent(agent);
    var head = new RequestHead("PUT", "/v2/", "", "HTTP/1.1", headers, "10.0.0.7:4123", false);
    HttpResponse answer = HttpResponse.of(status).with("Docker-Content-Digest", DIGEST.toString());
    String refusal = status == 403 ? "no rule allows it" : "";
    return new Served(request, answer, head, "anna", refusal, "id-1", Object::toString);
  }

  private static AuditWitness witness(AuditLog log, boolean pulls) {
    return new AuditWitness(log, () -> Instant.parse(NOW), () -> "", pulls);
  }

  private static OciRequest push() {
    return new OciRequest.PutManifest(REPOSITORY, new Tag("v1"), List.of());
  }

  private static OciRequest pull() {
    return new OciRequest.ReadBlob(REPOSITORY, DIGEST, false);
  }

  @Test
  void writesWhatChangedSomethingBeforeTheAnswer() throws IOException {
    Path file = folder.resolve("audit");
    try (AuditLog log = AuditLog.to(file)) {
      witness(log, true).saw(served(push(), 201, "docker/27"));

      assertThat(Files.readAllLines(file))
          .containsExactly(
              "{\"time\":\"2026-11-27T10:11:12Z\",\"event\":\"push\",\"outcome\":\"ok\",\"status\":201,"
                  + "\"user\":\"anna\",\"client\":\"10.0.0.7\",\"peer\":\"10.0.0.7\",\"method\":\"PUT\","
                  + "\"repository\":\"a/b\",\"reference\":\"v1\",\"digest\":\""
                  + DIGEST
                  + "\",\"request\":\"id-1\",\"agent\":\"docker/27\"}");
    }
  }

  @Test
  void gathersPullsAndLeavesThemOutWhereNobodyWantsThem() throws IOException {
    Path file = folder.resolve("audit");
    try (AuditLog log = AuditLog.to(file)) {
      witness(log, true).saw(served(pull(), 200, "x"));
      log.flush();
      assertThat(Files.readString(file)).contains("\"event\":\"pull\"");

      witness(log, false).saw(served(pull(), 200, "x"));
      log.flush();
      assertThat(Files.readAllLines(file)).hasSize(1);
    }
  }

  @Test
  void writesManyPullsAtATime() {
    var calls = new AtomicInteger();
    var counting =
        new ByteArrayOutputStream() {
          @Override
          public void write(byte[] bytes) {
            calls.incrementAndGet();
            writeBytes(bytes);
          }
        };
    try (AuditLog log = AuditLog.to(counting)) {
      for (int i = 0; i < 1000; i++) {
        witness(log, true).saw(served(pull(), 200, "x"));
      }
      log.flush();
    }
    assertThat(counting.toString(StandardCharsets.UTF_8).lines()).hasSize(1000);
    // One, and one more for each second that it took.
    assertThat(calls).hasValueLessThan(100);
  }

  @Test
  void tellsOfRefusalsOfWhateverWasAsked() throws IOException {
    Path file = folder.resolve("audit");
    try (AuditLog log = AuditLog.to(file)) {
      AuditWitness witness = witness(log, false);
      witness.saw(served(pull(), 401, "x"));
      witness.saw(served(new OciRequest.Catalog(EVERYTHING), 403, "x"));
      witness.saw(served(new OciRequest.Catalog(EVERYTHING), 200, "x"));
      witness.saw(served(push(), 500, "x"));

      assertThat(Files.readAllLines(file))
          .satisfiesExactly(
              line ->
                  assertThat(line)
                      .contains("\"event\":\"pull\",\"outcome\":\"refused\"")
                      .doesNotContain("reason"),
              line ->
                  assertThat(line)
                      .contains("\"event\":\"other\",\"outcome\":\"refused\"")
                      .contains("\"reason\":\"no rule allows it\""),
              line -> assertThat(line).contains("\"event\":\"push\",\"outcome\":\"failed\""));
    }
  }

  @Test
  void tellsWhichTagsAPushMovedAndWhereAMountIsFrom() throws IOException {
    Path file = folder.resolve("audit");
    try (AuditLog log = AuditLog.to(file)) {
      AuditWitness witness = witness(log, false);
      List<Tag> tags = List.of(new Tag("stable"), new Tag("latest"));
      witness.saw(served(new OciRequest.PutManifest(REPOSITORY, DIGEST, tags), 201, "x"));
      witness.saw(
          served(
              new OciRequest.MountBlob(
                  REPOSITORY, Optional.of(new RepositoryName("other")), DIGEST),
              201,
              "x"));

      assertThat(Files.readAllLines(file))
          .satisfiesExactly(
              line -> assertThat(line).contains("\"tags\":[\"stable\",\"latest\"]"),
              line -> assertThat(line).contains("\"event\":\"mount\"", "\"from\":\"other\""));
    }
  }

  /// A push begins with one of these: where that is refused, it was a push.
  @Test
  void aPushThatIsRefusedAtItsBeginningIsAPush() throws IOException {
    Path file = folder.resolve("audit");
    try (AuditLog log = AuditLog.to(file)) {
      witness(log, false)
          .saw(served(new OciRequest.StartUpload(REPOSITORY, Optional.empty()), 403, "x"));
      witness(log, false)
          .saw(served(new OciRequest.StartUpload(REPOSITORY, Optional.empty()), 202, "x"));

      assertThat(Files.readAllLines(file))
          .singleElement()
          .asString()
          .contains("\"event\":\"push\",\"outcome\":\"refused\"");
    }
  }

  @Test
  void noClientCanEndALine() throws IOException {
    Path file = folder.resolve("audit");
    try (AuditLog log = AuditLog.to(file)) {
      witness(log, true).saw(served(push(), 201, "a\"},\n{\"b\u2028\u0000"));

      assertThat(Files.readAllLines(file))
          .singleElement()
          .asString()
          .endsWith("\"agent\":\"a\\\"},\\n{\\\"b\\u2028\\u0000\"}");
    }
  }

  @Test
  void makesTheFileAnewThatWasMovedAway() throws IOException {
    Path file = folder.resolve("audit");
    try (AuditLog log = AuditLog.to(file)) {
      AuditWitness witness = witness(log, true);
      witness.saw(served(push(), 201, "first"));
      Files.move(file, folder.resolve("old"));
      log.flush();
      witness.saw(served(push(), 201, "second"));

      assertThat(Files.readString(folder.resolve("old"))).contains("first");
      assertThat(Files.readString(file)).contains("second").doesNotContain("first");
    }
  }

  @Test
  void addsToAFileThatIsThere() throws IOException {
    Path file = Files.writeString(folder.resolve("audit"), "before\n");
    try (AuditLog log = AuditLog.to(file)) {
      witness(log, true).saw(served(push(), 201, "x"));
    }
    assertThat(Files.readAllLines(file)).hasSize(2).startsWith("before");
  }

  @Test
  void saysWhyAPathCannotBe() {
    Path file = folder.resolve("not/there");

    assertThatThrownBy(() -> AuditLog.to(file))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot write the audit log "
                + file
                + " (its folder is not there); make its folder writable for this process, or change"
                + " berth.audit.path");
  }

  @Test
  void keepsLinesWhileTheyCannotBeWrittenAndDropsSomeInTheEnd() {
    var full = new FullDisk();
    AuditLog log = AuditLog.to(full);
    AuditWitness witness = witness(log, true);
    witness.saw(served(push(), 201, "first"));
    for (int i = 0; log.dropped() == 0; i++) {
      witness.saw(served(pull(), 200, "x".repeat(1000) + i));
    }

    full.full = false;
    log.flush();

    assertThat(full.written.toString()).contains("first").contains("x0\"");
    assertThat(log.dropped()).isOne();
  }

  /// As a full disk does: a part is written, then nothing.
  @Test
  void aDiskThatFillsUpInTheMiddleOfALineTearsAndRepeatsNone() {
    var disk = new SmallDisk();
    AuditLog log = AuditLog.to((WritableByteChannel) disk);
    AuditWitness witness = witness(log, true);
    disk.free.set(100);
    for (int i = 0; i < 200; i++) {
      witness.saw(served(pull(), 200, "pull " + i));
      if (i % 10 == 0) {
        disk.free.set(1000 + i);
        log.flush();
      }
    }
    disk.free.set(Integer.MAX_VALUE);
    log.flush();

    assertThat(disk.written.toString(StandardCharsets.UTF_8).lines())
        .hasSize(200)
        .allMatch(line -> line.startsWith("{\"time\"") && line.endsWith("\"}"))
        .doesNotHaveDuplicates();
    assertThat(log.dropped()).isZero();
  }

  @Test
  void aStreamThatHangsHoldsNoRequestForLong() {
    var hangs = new CountDownLatch(1);
    var written = new StringBuilder();
    var hanging =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new UnsupportedOperationException();
          }

          @Override
          public void write(byte[] bytes) throws IOException {
            try {
              hangs.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            written.append(new String(bytes, StandardCharsets.UTF_8));
          }
        };
    AuditLog log = AuditLog.to(hanging);
    AuditWitness witness = witness(log, true);
    // The first may wait a second, the others not at all.
    assertThatCode(
            () -> CompletableFuture.runAsync(() -> pushes(witness, 50)).get(20, TimeUnit.SECONDS))
        .doesNotThrowAnyException();
    assertThat(log.dropped()).isZero();
    hangs.countDown();
    log.close();
    assertThat(written.toString().lines()).hasSize(50);
  }

  private static void pushes(AuditWitness witness, int count) {
    for (int i = 0; i < count; i++) {
      witness.saw(served(push(), 201, "x"));
    }
  }

  private record Agent(String agent) implements HttpHeaders {
    @Override
    public Optional<String> first(String name) {
      return name.equalsIgnoreCase("User-Agent") ? Optional.of(agent) : Optional.empty();
    }

    @Override
    public List<String> all(String name) {
      return first(name).stream().toList();
    }
  }

  private static final class FullDisk extends OutputStream {
    private final StringBuilder written = new StringBuilder();
    private boolean full = true;

    @Override
    public void write(int b) {
      written.append((char) b);
    }

    @Override
    public void write(byte[] bytes) throws IOException {
      if (full) {
        throw new IOException("No space left on device");
      }
      super.write(bytes);
    }
  }

  private static final class SmallDisk implements WritableByteChannel {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final AtomicInteger free = new AtomicInteger();

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      if (free.get() == 0) {
        throw new IOException("No space left on device");
      }
      byte[] part = new byte[Math.min(free.get(), bytes.remaining())];
      bytes.get(part);
      written.writeBytes(part);
      free.addAndGet(-part.length);
      return part.length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
