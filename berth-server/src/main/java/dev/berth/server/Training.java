package dev.berth.server;

import dev.berth.config.BerthConfig;
import dev.berth.config.ListenAddress;
import dev.berth.oci.Digest;
import dev.berth.server.store.Digests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Serves one push and one pull and ends, so that the JVM can write down which classes a start
/// needs (the AOT cache of `./berth`). Not a command.
public final class Training {
  private static final String CONFIG = "{}";
  private static final String TYPE = "application/vnd.oci.image.manifest.v1+json";

  private final ListenAddress address;

  private Training(ListenAddress address) {
    this.address = address;
  }

  /// Runs `serve` as a user would, on a folder and a port of its own.
  public static void main(String[] args) throws IOException {
    Path root = Files.createTempDirectory("berth-training");
    try {
      Map<String, String> environment =
          Map.of(
              "REGISTRY_HTTP_ADDR",
              "127.0.0.1:0",
              "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY",
              root.toString());
      var quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
      var console =
          new Console(
              "berth",
              "training",
              environment,
              quiet,
              System.err,
              _ -> {},
              () -> "",
              InputStream.nullInputStream(),
              Runnable::run,
              () -> Instant.EPOCH,
              false);
      int status =
          new BerthCommand(Training::servePushAndPull, Training::noRandomness)
              .run(console, List.of("serve"));
      if (status != Console.OK) {
        throw new IOException("serve ended with status " + status);
      }
    } finally {
      remove(root);
    }
  }

  private static ServerStarter.Running servePushAndPull(
      BerthConfig config, ServerStarter.LiveConfig live) throws IOException {
    ServerStarter.Running running =
        new Wiring(OutputStream.nullOutputStream(), Map.of()).start(config, live);
    try {
      new Training(running.address()).pushAndPull();
    } finally {
      running.close();
    }
    return running;
  }

  private void pushAndPull() throws IOException {
    Digest config = sha256(CONFIG);
    String started = exchange("POST /v2/t/blobs/uploads/", "", "");
    exchange("PATCH " + location(started), "Content-Type: application/octet-stream\r\n", CONFIG);
    String again = exchange("POST /v2/t/blobs/uploads/", "", "");
    String separator = location(again).contains("?") ? "&" : "?";
    exchange("PUT " + location(again) + separator + "digest=" + config, "", CONFIG);
    String manifest =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":{\"mediaType\":\"a/b\",\"digest\":\"%s\",\"size\":%d},\"layers\":[]}"
            .formatted(TYPE, config, CONFIG.length());
    exchange("PUT /v2/t/manifests/v1", "Content-Type: " + TYPE + "\r\n", manifest);
    for (String path :
        List.of(
            "/v2/",
            "/v2/t/manifests/v1",
            "/v2/t/blobs/" + config,
            "/v2/t/tags/list",
            "/v2/_catalog",
            "/v2/t/referrers/" + config,
            "/v2/t/manifests/missing")) {
      exchange("GET " + path, "", "");
      exchange("HEAD " + path, "", "");
    }
  }

  private static Digest sha256(String text) {
    return Digests.of(Digest.Algorithm.SHA256, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String location(String answer) throws IOException {
    String name = "\r\nlocation: ";
    int start = answer.toLowerCase(Locale.ROOT).indexOf(name);
    if (start < 0) {
      throw new IOException("no Location in: " + answer);
    }
    String url =
        answer.substring(start + name.length(), answer.indexOf("\r\n", start + name.length()));
    return url.startsWith("http") ? url.substring(url.indexOf('/', "http://".length())) : url;
  }

  /// One request on a connection of its own; gives the whole answer as text.
  private String exchange(String line, String fields, String body) throws IOException {
    try (var socket = new Socket(address.host(), address.port())) {
      String head =
          "%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n"
              .formatted(line, address, fields, body.length());
      socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
      var answer = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(answer);
      return answer.toString(StandardCharsets.UTF_8);
    }
  }

  private static void remove(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static SecureRandom noRandomness() {
    throw new IllegalStateException("serving asks for none by this way");
  }
}
