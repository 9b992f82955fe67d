import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// What metrics, the audit log, a login, a policy and TLS cost Berth per request, and how long a
/// push of 20 layers takes with a login of cost 12 and without.
final class DoorsRun {
  private static final int LAYERS = 20;
  private static final int CONNECTIONS = 8;

  /// Until the JVM has compiled what it will.
  private static final int WARM_SECONDS = 10;

  /// Of `pass`, by bcrypt of cost 12.
  private static final String USERS =
      "bob:$2y$12$6ANKvVb6nZVg4GlakPzxB.gO5nrDCuMZk.qUT8MkH5hu3nfqpFzIq\n";

  private static final String LOGIN = "Authorization: Basic Ym9iOnBhc3M=";

  private final Path folder;
  private final List<String> before;
  private final int rounds;
  private final double seconds;
  private final Content content = new Content();

  private record Variant(String title, Server.Extra extra, String... always) {}

  private record Running(Variant variant, Server server, SocketFactory sockets) {}

  DoorsRun(Path folder, List<String> before, int rounds, double seconds) {
    this.folder = folder;
    this.before = before;
    this.rounds = rounds;
    this.seconds = seconds;
  }

  void run() throws Exception {
    Path users = Files.writeString(folder.resolve("users"), USERS);
    Path store = folder.resolve("store-doors");
    try (Server server = Server.start(Server.Kind.BERTH, folder, store, before)) {
      content.putOn(server);
    }
    List<Running> all = new ArrayList<>();
    try {
      for (Variant variant : variants(users)) {
        Server server = Server.start(Server.Kind.BERTH, folder, store, before, variant.extra());
        SocketFactory sockets =
            variant.extra().tls() ? trusting() : SocketFactory.getDefault();
        all.add(new Running(variant, server, sockets));
      }
      reads(all);
      pushes(all.get(0), all.stream().filter(r -> r.variant().title().equals("login")).findFirst().orElseThrow());
    } finally {
      for (Running one : all) {
        one.server().close();
      }
    }
  }

  private List<Variant> variants(Path users) throws Exception {
    String debug = "  debug: {addr: '127.0.0.1:%d', prometheus: {enabled: true, path: /metrics}}\n";
    String login = "auth: {htpasswd: {realm: r, path: " + users + "}}\n";
    String policy = "berth: {policy: {rules: [{who: bob, may: [pull, push], in: '**'}]}}\n";
    certificate();
    String tls =
        "  tls: {certificate: %s, key: %s}\n"
            .formatted(folder.resolve("tls.crt"), folder.resolve("tls.key"));
    return List.of(
        new Variant("nothing", Server.Extra.NONE),
        new Variant("metrics", new Server.Extra(debug.formatted(Server.freePort()), "")),
        new Variant(
            "audit log", new Server.Extra("", "berth: {audit: {path: " + folder + "/audit}}\n")),
        new Variant("login", new Server.Extra("", login), LOGIN),
        new Variant("login and policy", new Server.Extra("", login + policy), LOGIN),
        new Variant("TLS", new Server.Extra(tls, "")));
  }

  private void certificate() throws Exception {
    run(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days",
        "2", "-keyout", folder.resolve("tls.key").toString(), "-out",
        folder.resolve("tls.crt").toString());
  }

  private static void run(String... line) throws Exception {
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", line) + ": " + out);
    }
  }

  private SocketFactory trusting() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var in = Files.newInputStream(folder.resolve("tls.crt"))) {
      store.setCertificateEntry(
          "a", java.security.cert.CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context.getSocketFactory();
  }

  private void reads(List<Running> all) throws Exception {
    Map<String, String> targets = new LinkedHashMap<>();
    targets.put("manifest GET by tag", "/v2/bench/image/manifests/latest");
    targets.put("GET 1 MiB", "/v2/bench/image/blobs/sha256:" + content.smallHex());
    targets.put("GET 64 MiB", "/v2/bench/image/blobs/sha256:" + content.largeHex());
    System.out.println("CPU of one request with one of these, µs\n");
    System.out.print("| |");
    all.forEach(one -> System.out.print(" " + one.variant().title() + " |"));
    System.out.println("\n|---|" + "---|".repeat(all.size()));
    for (var target : targets.entrySet()) {
      Map<Running, Samples> samples = new LinkedHashMap<>();
      for (Running one : all) {
        load(one, target.getValue(), WARM_SECONDS);
        samples.put(one, new Samples());
      }
      for (int round = 0; round < rounds; round++) {
        for (Running one : all) {
          double begin = one.server().cpuMicros();
          long count = load(one, target.getValue(), seconds);
          samples.get(one).add((one.server().cpuMicros() - begin) / count);
        }
      }
      System.out.print("| " + target.getKey() + " |");
      samples.values().forEach(values -> System.out.print(" " + values + " |"));
      System.out.println();
    }
    System.out.println();
  }

  private long load(Running one, String target, double duration) throws Exception {
    AtomicLong count = new AtomicLong();
    long end = System.nanoTime() + (long) (duration * 1e9);
    try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        all.add(
            threads.submit(
                () -> {
                  try (Client client = client(one)) {
                    while (System.nanoTime() < end) {
                      client.getAndDrop(target, "Accept: " + Content.MANIFEST_TYPE);
                      count.incrementAndGet();
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> future : all) {
        future.get();
      }
    }
    return count.get();
  }

  private static Client client(Running one) throws IOException {
    return new Client(one.server().port, one.sockets(), one.variant().always());
  }

  /// In turn, and the first with a login for itself: it has the check in it.
  private void pushes(Running open, Running login) throws Exception {
    Samples without = new Samples();
    Samples with = new Samples();
    for (int i = 0; i < 30; i++) {
      pushImage(open);
    }
    // Another process, which has not seen the login, warmed by what it refuses.
    double first;
    try (Server fresh =
        Server.start(
            Server.Kind.BERTH, folder, folder.resolve("store-doors"), before, login.variant().extra())) {
      first = pushImage(new Running(login.variant(), fresh, login.sockets()));
    }
    double cold;
    try (Server fresh =
        Server.start(Server.Kind.BERTH, folder, folder.resolve("store-doors"), before)) {
      cold = pushImage(new Running(open.variant(), fresh, open.sockets()));
    }
    for (int i = 0; i < 30; i++) {
      pushImage(login);
    }
    for (int round = 0; round < 4 * rounds; round++) {
      without.add(pushImage(open));
      with.add(pushImage(login));
    }
    System.out.println("An image of 20 layers of 4 KiB pushed, ms\n");
    System.out.println("| | without login | with a login of cost 12 | ratio |");
    System.out.println("|---|---|---|---|");
    System.out.printf("| first of the process | %.0f | %.0f | |%n", cold, first);
    System.out.printf(
        "| later | %s | %s | %.2f |%n%n", without, with, with.median() / without.median());
  }

  private static double pushImage(Running one) throws IOException {
    byte[] layer = new byte[4096];
    new Random().nextBytes(layer);
    long begin = System.nanoTime();
    try (Client client = client(one)) {
      for (int i = 0; i < LAYERS; i++) {
        layer[0] = (byte) i;
        PushLoad.push(client, "bench/doors", layer, PushLoad.sha256(layer), PushLoad.Way.PATCH);
      }
    }
    return (System.nanoTime() - begin) / 1e6;
  }
}
