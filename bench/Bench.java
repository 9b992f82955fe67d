import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The whole bench; see docs/performance.md. Prints a Markdown table on standard output and each
/// value, as it comes, on standard error.
final class Bench {
  private static final List<String> ON_CORE_0 = List.of("taskset", "-c", "0");
  private static final String USAGE =
      """
      bench/run [--rounds N] [--seconds S] [--gigabytes N] [--only PART,…] [--servers NAME,…]

      --rounds N      rounds of each measure, in turn over the servers; 5
      --seconds S     length of a round of reads; 2
      --gigabytes N   pushed in the memory part; 1
      --only PART,…   of: manifest blob push tags moved start memory cgroup doors; all but doors
      --servers …     of: berth registry2 distribution3 nginx; all
      """;

  private int rounds = 5;
  private double seconds = 2;
  private int gigabytes = 1;
  private Set<String> parts =
      Set.of("manifest", "blob", "push", "tags", "moved", "start", "memory", "cgroup");
  private final Set<Server.Kind> kinds = new TreeSet<>(List.of(Server.Kind.values()));
  private final Content content = new Content();

  public static void main(String[] args) throws Exception {
    Bench bench = new Bench();
    if (!bench.parse(args)) {
      System.err.print(USAGE);
      System.exit(2);
    }
    Path folder = Files.createTempDirectory("berth-bench");
    try {
      bench.run(folder);
    } finally {
      remove(folder);
    }
  }

  private boolean parse(String[] args) {
    for (int i = 0; i + 1 < args.length; i += 2) {
      String value = args[i + 1];
      switch (args[i]) {
        case "--rounds" -> rounds = Integer.parseInt(value);
        case "--seconds" -> seconds = Double.parseDouble(value);
        case "--gigabytes" -> gigabytes = Integer.parseInt(value);
        case "--only" -> parts = Set.of(value.split(","));
        case "--servers" ->
            kinds.retainAll(
                Stream.of(value.toUpperCase().split(",")).map(Server.Kind::valueOf).toList());
        default -> {
          return false;
        }
      }
    }
    return args.length % 2 == 0;
  }

  private void run(Path folder) throws Exception {
    printMachine();
    List<Measure> measures = new ArrayList<>();
    measures.addAll(readsAndWrites(folder));
    if (parts.contains("start")) {
      measures.addAll(starts(folder));
    }
    if (!measures.isEmpty()) {
      printTable(measures);
    }
    if (parts.contains("memory")) {
      new MemoryRun(folder, ON_CORE_0, gigabytes).run(registries());
    }
    if (parts.contains("doors")) {
      new DoorsRun(folder, ON_CORE_0, rounds, seconds).run();
    }
    if (parts.contains("cgroup")) {
      new CgroupRun(folder).run(registries());
    }
  }

  private List<Measure> readsAndWrites(Path folder) throws Exception {
    List<Measure> measures = new ArrayList<>();
    measures.addAll(parts.contains("manifest") ? manifests() : List.of());
    measures.addAll(parts.contains("blob") ? blobs() : List.of());
    measures.addAll(parts.contains("tags") ? tags() : List.of());
    measures.addAll(parts.contains("push") ? pushes() : List.of());
    if (measures.isEmpty() && !parts.contains("moved")) {
      return measures;
    }
    List<Server> servers = new ArrayList<>();
    try {
      for (Server.Kind kind : kinds) {
        servers.add(Server.start(kind, folder, folder.resolve("store-" + kind), ON_CORE_0));
        content.putOn(servers.getLast());
        if (parts.contains("tags")) {
          content.putTagsOn(servers.getLast());
        }
      }
      if (parts.contains("moved")) {
        MovedTag.check(servers.getFirst(), folder, content);
      }
      for (Measure measure : measures) {
        inTurn(measure, servers);
      }
    } finally {
      for (Server server : servers) {
        server.close();
      }
    }
    return measures;
  }

  private void inTurn(Measure measure, List<Server> servers) throws Exception {
    List<Server> those =
        servers.stream()
            .filter(s -> s.kind != Server.Kind.NGINX || NGINX_TOO.contains(measure.title))
            .toList();
    for (Server server : those) {
      measure.warm.on(server);
    }
    for (int round = 0; round < rounds; round++) {
      for (Server server : those) {
        measure.round(server);
      }
    }
  }

  /// Until the JVM has compiled what it will: on the one core of the server that takes seconds.
  private static final int WARM_SECONDS = 10;

  private static final int WARM_SMALL = 3000;
  private static final int WARM_LARGE = 100;

  private static final Set<String> NGINX_TOO =
      Set.of("manifest GET by tag", "manifest HEAD by tag", "GET 1 MiB", "GET 64 MiB");

  private List<Measure> manifests() {
    String target = "/v2/bench/image/manifests/latest";
    return List.of(
        read("manifest GET by tag", "GET", target, "/manifest", content.manifest, 16)
            .atLeast(10, Server.Kind.DISTRIBUTION3),
        read("manifest HEAD by tag", "HEAD", target, "/manifest", content.manifest, 16),
        read(
            "manifest GET by digest",
            "GET",
            "/v2/bench/image/manifests/sha256:" + PushLoad.sha256(content.manifest),
            "/manifest",
            content.manifest,
            16));
  }

  private List<Measure> blobs() {
    String blobs = "/v2/bench/image/blobs/sha256:";
    return List.of(
        read("blob HEAD", "HEAD", blobs + content.smallHex(), "/small", content.small, 16),
        read("GET 1 MiB", "GET", blobs + content.smallHex(), "/small", content.small, 4)
            .atMost(1.3, Server.Kind.NGINX),
        read("GET 64 MiB", "GET", blobs + content.largeHex(), "/large", content.large, 2)
            .atMost(1.3, Server.Kind.NGINX));
  }

  private Measure read(
      String title, String method, String target, String file, byte[] expected, int connections) {
    return new Measure(
        title,
        "µs",
        server -> load(server, method, target, file, expected).run(connections, WARM_SECONDS),
        server -> {
          ReadLoad load = load(server, method, target, file, expected);
          double before = server.cpuMicros();
          long answers = load.run(connections, seconds);
          return (server.cpuMicros() - before) / answers;
        });
  }

  private static ReadLoad load(
      Server server, String method, String target, String file, byte[] expected) {
    boolean nginx = server.kind == Server.Kind.NGINX;
    return new ReadLoad(
        server.port, method, nginx ? file : target, expected, "Accept: " + Content.MANIFEST_TYPE);
  }

  private List<Measure> tags() {
    return List.of(
        new Measure(
                "tags/list of 10,000, time",
                "ms",
                server -> millisOfTags(server, 20),
                server -> millisOfTags(server, 20))
            .atMost(5),
        new Measure(
            "tags/list of 10,000",
            "µs",
            server -> 0,
            server -> {
              double before = server.cpuMicros();
              millisOfTags(server, 50);
              return (server.cpuMicros() - before) / 50;
            }));
  }

  /// Median time of an answer.
  private static double millisOfTags(Server server, int count) throws IOException {
    Samples samples = new Samples();
    try (Client client = new Client(server.port)) {
      for (int i = 0; i < count; i++) {
        long begin = System.nanoTime();
        byte[] body = client.get("/v2/bench/tags/tags/list").body();
        samples.add((System.nanoTime() - begin) / 1e6);
        checkTags(new String(body));
      }
    }
    return samples.median();
  }

  private static void checkTags(String list) {
    int tags = list.split("\"v1\\.\\d{5}\"", -1).length;
    if (tags != Content.TAGS || !list.contains("\"latest\"")) {
      throw new IllegalStateException(tags + " tags, not " + Content.TAGS);
    }
  }

  private List<Measure> pushes() {
    int large = 16 * 1024 * 1024;
    return List.of(
        push("push 4 KiB, POST PUT", PushLoad.Way.PUT, 4096, 250)
            .atMost(0.5, Server.Kind.DISTRIBUTION3),
        push("push 4 KiB, POST PATCH PUT", PushLoad.Way.PATCH, 4096, 250)
            .atMost(0.5, Server.Kind.DISTRIBUTION3),
        push("push 16 MiB, POST PUT", PushLoad.Way.PUT, large, 25)
            .atMost(1.15, Server.Kind.DISTRIBUTION3),
        push("push 16 MiB, POST PATCH PUT", PushLoad.Way.PATCH, large, 25)
            .atMost(1.15, Server.Kind.DISTRIBUTION3));
  }

  private static Measure push(String title, PushLoad.Way way, int size, int count) {
    return new Measure(
        title,
        "µs",
        server -> {
          new PushLoad(server, way, size, true).run(4, size > 1_000_000 ? WARM_LARGE : WARM_SMALL);
          return 0;
        },
        server -> {
          double before = server.cpuMicros();
          new PushLoad(server, way, size, true).run(4, count);
          return (server.cpuMicros() - before) / count;
        });
  }

  private List<Measure> starts(Path folder) throws Exception {
    Measure one = start("start to first answer, one core");
    Measure both = start("start to first answer, two cores").atMost(700);
    for (int round = 0; round < Math.max(3, rounds); round++) {
      for (Server.Kind kind : registries()) {
        startOnce(one, kind, folder, ON_CORE_0);
        startOnce(both, kind, folder, List.of("taskset", "-c", "0,1"));
      }
    }
    return List.of(one, both);
  }

  private static Measure start(String title) {
    return new Measure(title, "ms", server -> 0, server -> server.startMillis);
  }

  private static void startOnce(Measure measure, Server.Kind kind, Path folder, List<String> before)
      throws Exception {
    try (Server server = Server.start(kind, folder, folder.resolve("start-" + kind), before)) {
      measure.round(server);
    }
  }

  private List<Server.Kind> registries() {
    return kinds.stream().filter(kind -> kind != Server.Kind.NGINX).toList();
  }

  private static void printTable(List<Measure> measures) {
    System.out.println(
        Stream.of(Server.Kind.values())
            .map(kind -> kind.title)
            .collect(joining(" | ", "| measure | ", " | Berth against the goal |")));
    System.out.println("|---|---|---|---|---|---|");
    measures.forEach(measure -> System.out.println(measure.row()));
    System.out.println();
  }

  private static void printMachine() throws Exception {
    String cpu =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .findFirst()
            .orElse("unknown");
    System.out.printf(
        "%s, %s, %s, Linux %s, Java %s, commit %s, load before %s%n%n",
        LocalDate.now(),
        cpu.replaceAll(".*: ", ""),
        output("nproc", "--all") + " cores",
        System.getProperty("os.version").replaceAll("^(\\d+\\.\\d+).*", "$1"),
        System.getProperty("java.version"),
        output("git", "-C", System.getProperty("bench.top"), "describe", "--always", "--dirty"),
        Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
  }

  private static String output(String... command) throws IOException {
    Process process = new ProcessBuilder(command).start();
    return new String(process.getInputStream().readAllBytes()).strip();
  }

  /// As a program of its own: a folder of ten thousand folders takes Java ten times as long.
  private static void remove(Path folder) throws IOException, InterruptedException {
    new ProcessBuilder("rm", "-rf", folder.toString()).inheritIO().start().waitFor();
  }
}
