import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// Start, and a layer of 1 GiB pushed and pulled, within `memory: 128Mi` and `cpu: 250m`.
final class CgroupRun {
  private static final long MEMORY = 128L * 1024 * 1024;
  private static final int LAYER_MIB = 1024;
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private final Path folder;
  private final String name = "berth-bench-" + ProcessHandle.current().pid();

  CgroupRun(Path folder) {
    this.folder = folder;
  }

  /// Prints a row for each server, or why there is none.
  void run(List<Server.Kind> kinds) throws Exception {
    List<Path> groups;
    try {
      groups = create();
    } catch (IOException e) {
      System.out.println("No run within cgroup limits here: " + e);
      return;
    }
    System.out.println("Within 128 MiB and a quarter of a core\n");
    System.out.println(
        "| server | start, ms | 1 GiB pushed, s | pulled, s | killed for memory | resident, MiB |");
    System.out.println("|---|---|---|---|---|---|");
    try {
      for (Server.Kind kind : kinds) {
        one(kind, groups);
      }
    } finally {
      for (Path group : groups) {
        Files.delete(group);
      }
    }
    System.out.println();
  }

  private void one(Server.Kind kind, List<Path> groups) throws Exception {
    List<String> before = new ArrayList<>(List.of("sh", "-c"));
    StringBuilder script = new StringBuilder();
    groups.forEach(group -> script.append("echo $$ >").append(group).append("/cgroup.procs; "));
    before.add(script + "exec \"$@\"");
    before.add("sh");
    Samples starts = new Samples();
    for (int i = 0; i < 3; i++) {
      Server.start(kind, folder, folder.resolve("cgroup-" + kind), before).close();
    }
    try (Server server = Server.start(kind, folder, folder.resolve("cgroup-" + kind), before)) {
      starts.add(server.startMillis);
      String pushed;
      String pulled;
      try {
        long begin = System.nanoTime();
        String hex = push(server);
        pushed = Samples.number((System.nanoTime() - begin) / 1e9);
        begin = System.nanoTime();
        pull(server, hex);
        pulled = Samples.number((System.nanoTime() - begin) / 1e9);
      } catch (IOException | IllegalStateException e) {
        pushed = "failed: " + e.getMessage();
        pulled = "";
      }
      System.out.printf(
          "| %s | %s | %s | %s | %s | %s |%n",
          kind.title,
          starts,
          pushed,
          pulled,
          kills(groups),
          server.isAlive() ? server.residentKib()[0] / 1024 : "gone");
    }
  }

  /// Sends 1 GiB in one PATCH, from a pattern of 1 MiB that is changed for each.
  private static String push(Server server) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    byte[] none = new byte[0];
    String session;
    try (Client client = new Client(server.port)) {
      session =
          Client.target(
              client
                  .expect(202, "POST", "/v2/bench/large/blobs/uploads/", none, 0)
                  .header("location"));
    }
    byte[] bytes = new byte[1024 * 1024];
    new Random(3).nextBytes(bytes);
    try (Socket socket = new Socket("127.0.0.1", server.port)) {
      socket.setSoTimeout(300_000);
      socket
          .getOutputStream()
          .write(
              ("PATCH "
                      + session
                      + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                      + "Content-Type: application/octet-stream\r\nContent-Length: "
                      + (long) LAYER_MIB * bytes.length
                      + "\r\n\r\n")
                  .getBytes());
      for (int i = 0; i < LAYER_MIB; i++) {
        bytes[0] = (byte) i;
        bytes[1] = (byte) (i >> 8);
        sha256.update(bytes);
        socket.getOutputStream().write(bytes);
      }
      String answer = new String(socket.getInputStream().readAllBytes());
      if (!answer.startsWith("HTTP/1.1 202")) {
        throw new IllegalStateException("PATCH: " + answer);
      }
      session = Client.target(answer.replaceAll("(?is).*\r\nlocation: ([^\r]*)\r.*", "$1"));
    }
    String hex = HexFormat.of().formatHex(sha256.digest());
    String target = session + (session.contains("?") ? "&" : "?") + "digest=sha256:" + hex;
    try (Client client = new Client(server.port)) {
      client.expect(201, "PUT", target, none, 0);
    }
    return hex;
  }

  private static void pull(Server server, String hex) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    try (Socket socket = new Socket("127.0.0.1", server.port)) {
      socket.setSoTimeout(300_000);
      socket
          .getOutputStream()
          .write(
              ("GET /v2/bench/large/blobs/sha256:"
                      + hex
                      + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                  .getBytes());
      InputStream in = socket.getInputStream();
      StringBuilder head = new StringBuilder();
      while (!head.toString().endsWith("\r\n\r\n")) {
        int next = in.read();
        if (next < 0) {
          throw new IOException("no answer: " + head);
        }
        head.append((char) next);
      }
      byte[] buffer = new byte[1024 * 1024];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sha256.update(buffer, 0, read);
      }
      if (!head.toString().startsWith("HTTP/1.1 200")
          || !HexFormat.of().formatHex(sha256.digest()).equals(hex)) {
        throw new IllegalStateException("pulled other bytes: " + head);
      }
    }
  }

  /// Version 2 of cgroups has one tree, version 1 one for each controller.
  private List<Path> create() throws IOException {
    if (Files.exists(ROOT.resolve("cgroup.controllers"))) {
      Path group = Files.createDirectory(ROOT.resolve(name));
      Files.writeString(group.resolve("memory.max"), Long.toString(MEMORY));
      Files.writeString(group.resolve("cpu.max"), "25000 100000");
      return List.of(group);
    }
    Path memory = Files.createDirectory(ROOT.resolve("memory").resolve(name));
    Path cpu = Files.createDirectory(ROOT.resolve("cpu").resolve(name));
    Files.writeString(memory.resolve("memory.limit_in_bytes"), Long.toString(MEMORY));
    Files.writeString(cpu.resolve("cpu.cfs_period_us"), "100000");
    Files.writeString(cpu.resolve("cpu.cfs_quota_us"), "25000");
    return List.of(memory, cpu);
  }

  private static String kills(List<Path> groups) throws IOException {
    Path two = groups.getFirst().resolve("memory.events");
    Path file = Files.exists(two) ? two : groups.getFirst().resolve("memory.oom_control");
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith("oom_kill "))
        .map(line -> line.substring("oom_kill ".length()))
        .findFirst()
        .orElse("unknown");
  }
}
