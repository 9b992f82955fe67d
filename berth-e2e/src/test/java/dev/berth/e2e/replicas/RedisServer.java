package dev.berth.e2e.replicas;

import dev.berth.e2e.harness.Daemon;
import dev.berth.e2e.harness.LoopbackPorts;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.TestCertificate;
import dev.berth.e2e.harness.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A real `redis-server` on 127.0.0.1 that keeps nothing on disk.
final class RedisServer implements AutoCloseable {
  private static final Pattern HITS = Pattern.compile("keyspace_hits:(\\d+)");

  private final Path folder;
  private final int port;
  private final List<String> line;
  private final List<String> client;
  private @Nullable Daemon daemon;

  private RedisServer(Path folder, int port, List<String> line, List<String> client) {
    this.folder = folder;
    this.port = port;
    this.line = line;
    this.client = client;
    start();
  }

  /// One alone, or a node of something larger.
  ///
  /// @param more further options, such as `--cluster-enabled yes`
  static RedisServer plain(Path folder, String... more) {
    int port = LoopbackPorts.free();
    return new RedisServer(folder, port, line(folder, port, more), List.of("-p", "" + port));
  }

  /// One with TLS only, that wants a certificate of its clients and the password `hush` of user
  /// `berth`.
  static RedisServer encrypted(Path folder, TestCertificate certificate) {
    int port = LoopbackPorts.free();
    List<String> line =
        line(
            folder, port, "--tls-port", "" + port, "--user", "berth", "on", ">hush", "~*", "+@all");
    Collections.addAll(line, "--user", "default", "off", "--port", "0");
    Collections.addAll(line, "--tls-cert-file", certificate.certificate().toString());
    Collections.addAll(line, "--tls-key-file", certificate.key().toString());
    Collections.addAll(line, "--tls-ca-cert-file", certificate.certificate().toString());
    List<String> client = new ArrayList<>(List.of("-p", "" + port, "--tls", "--no-auth-warning"));
    Collections.addAll(client, "--cacert", certificate.certificate().toString());
    Collections.addAll(client, "--cert", certificate.certificate().toString());
    Collections.addAll(client, "--key", certificate.key().toString());
    Collections.addAll(client, "--user", "berth", "--pass", "hush");
    return new RedisServer(folder, port, line, client);
  }

  /// A sentinel that knows `master` as `primary`.
  static RedisServer sentinel(Path folder, RedisServer master) {
    int port = LoopbackPorts.free();
    try {
      Path file =
          Files.writeString(
              folder.resolve("sentinel" + port + ".conf"),
              """
              port %d
              bind 127.0.0.1
              dir %s
              sentinel monitor primary 127.0.0.1 %d 1
              sentinel down-after-milliseconds primary 500
              sentinel failover-timeout primary 2000
              """
                  .formatted(port, folder, master.port));
      List<String> line =
          List.of(Tools.get("redis-server").toString(), file.toString(), "--sentinel");
      return new RedisServer(folder, port, line, List.of("-p", "" + port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Three masters that are one cluster.
  static List<RedisServer> cluster(Path folder) {
    List<RedisServer> nodes = new ArrayList<>();
    List<Object> create = new ArrayList<>(List.of(Tools.get("redis-cli"), "--cluster", "create"));
    for (int i = 0; i < 3; i++) {
      RedisServer node = plain(folder, "--cluster-enabled", "yes");
      nodes.add(node);
      create.add("127.0.0.1:" + node.port);
    }
    create.add("--cluster-yes");
    Program.of(create.toArray()).run();
    return nodes;
  }

  private static List<String> line(Path folder, int port, String... more) {
    List<String> line = new ArrayList<>();
    Collections.addAll(
        line,
        Tools.get("redis-server").toString(),
        "--port",
        "" + port,
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        folder.toString(),
        "--cluster-config-file",
        "nodes" + port + ".conf",
        "--enable-debug-command",
        "yes");
    Collections.addAll(line, more);
    return line;
  }

  /// Starts it where it is not running.
  void start() {
    if (daemon == null) {
      daemon = Daemon.start(folder.resolve("redis" + port + ".log"), line, this::answers);
    }
  }

  private boolean answers() {
    String answer = cli("ping");
    return answer.contains("PONG") || answer.contains("NOAUTH");
  }

  int port() {
    return port;
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /// What `redis-cli` prints.
  String cli(Object... words) {
    List<Object> all = new ArrayList<>(List.of(Tools.get("redis-cli"), "-h", "127.0.0.1"));
    all.addAll(client);
    Collections.addAll(all, words);
    return Program.of(all.toArray()).outcome().out().strip();
  }

  List<String> keys(String pattern) {
    return cli("--raw", "keys", pattern).lines().filter(key -> !key.isEmpty()).toList();
  }

  /// How many questions found something.
  long hits() {
    Matcher hits = HITS.matcher(cli("info", "stats"));
    return hits.find() ? Long.parseLong(hits.group(1)) : 0;
  }

  /// Ends it; what it held is lost.
  void stop() {
    if (daemon != null) {
      daemon.close();
      daemon = null;
    }
  }

  @Override
  public void close() {
    stop();
  }
}
