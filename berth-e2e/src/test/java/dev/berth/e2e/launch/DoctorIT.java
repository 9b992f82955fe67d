package dev.berth.e2e.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Daemon;
import dev.berth.e2e.harness.Nginx;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.TestCertificate;
import dev.berth.e2e.harness.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// `berth doctor` against real servers, with faults that are made on purpose.
final class DoctorIT {
  private static final String HEADERS =
      "proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto %s;";
  private static final String UNLIMITED = "client_max_body_size 0;";

  @TempDir private Path folder;

  private static Program.Outcome doctor(Object... words) {
    List<Object> line = new ArrayList<>(List.of(Registries.berth(), "doctor"));
    Collections.addAll(line, words);
    return Program.of(line.toArray()).outcome();
  }

  private RunningRegistry start(Registries kind) {
    RunningRegistry registry = kind.start(RegistryConfig.on(folder.resolve("store")));
    registry.client().push("a", "t", SampleImage.oci(new SplittableRandom(5), "amd64", 1, 1000));
    return registry;
  }

  private static void assertGood(Program.Outcome outcome) {
    assertThat(outcome.out())
        .contains("a:t comes with the bytes of its digest", "the upload is taken back")
        .endsWith(" 0 notes, 0 warnings, 0 failed, 0 skipped\n");
    assertThat(outcome.exit()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Registries.class,
      names = {"BERTH", "DISTRIBUTION_2"})
  void aGoodRegistryIsGoodAloneAndBehindAProxy(Registries kind) throws IOException {
    TestCertificate certificate = TestCertificate.make(folder, "proxy");
    try (RunningRegistry registry = start(kind);
        Nginx proxy =
            Nginx.before(
                registry.port(), folder, certificate, UNLIMITED + HEADERS.formatted("$scheme"))) {
      assertGood(doctor("--url", "http://" + registry.host()));
      assertGood(doctor("--url", proxy.url(), "--ca", certificate.certificate()));
      assertThat(registry.client().send("GET", "/v2/_catalog", Map.of(), new byte[0]).body())
          .asString(StandardCharsets.UTF_8)
          .doesNotContain("berth-doctor");
    }
  }

  @Test
  void aBodyLimitIsFound() throws IOException {
    try (RunningRegistry registry = start(Registries.BERTH);
        Nginx one =
            Nginx.before(
                registry.port(),
                folder,
                null,
                "client_max_body_size 1m;" + HEADERS.formatted("$scheme"));
        Nginx more =
            Nginx.before(
                registry.port(),
                folder,
                null,
                "client_max_body_size 10m;" + HEADERS.formatted("$scheme"))) {
      Program.Outcome outcome = doctor("--url", one.url());
      assertThat(outcome.exit()).isOne();
      assertThat(outcome.out())
          .contains("fail  a body of 2MiB is refused with 413", "proxy-body-size: \"0\"")
          .contains("the upload is taken back");
      assertThat(doctor("--url", more.url()).out())
          .contains("ok    a body of 2MiB", "fail  a body of 64MiB is refused with 413");
      assertThat(doctor("--url", more.url(), "--largest", "9MiB").exit()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Registries.class,
      names = {"BERTH", "DISTRIBUTION_2"})
  void aWrongSchemeIsFound(Registries kind) throws IOException {
    TestCertificate certificate = TestCertificate.make(folder, "proxy");
    try (RunningRegistry registry = start(kind);
        Nginx proxy =
            Nginx.before(
                registry.port(), folder, certificate, UNLIMITED + HEADERS.formatted("http"))) {
      Program.Outcome outcome = doctor("--url", proxy.url(), "--ca", certificate.certificate());
      assertThat(outcome.exit()).isOne();
      assertThat(outcome.out())
          .contains("fail  Location leads to another scheme: clients came by https")
          .contains("proxy_set_header X-Forwarded-Proto https;")
          .contains("the upload is taken back");
    }
  }

  @Test
  void compressionIsFound() throws IOException {
    try (RunningRegistry registry = start(Registries.BERTH);
        Nginx proxy =
            Nginx.before(
                registry.port(),
                folder,
                null,
                UNLIMITED
                    + HEADERS.formatted("$scheme")
                    + "gzip on; gzip_min_length 1; gzip_proxied any; gzip_types *;")) {
      assertThat(doctor("--url", proxy.url()).out())
          .contains("fail  a proxy compresses answers (Content-Encoding: gzip)");
    }
  }

  @Test
  void aCertificateThatEndedOrIsOfAnotherNameIsFound() throws IOException {
    try (RunningRegistry registry = start(Registries.BERTH)) {
      TestCertificate over = signed("over", "DNS:localhost", "20200101000000Z", "20200201000000Z");
      TestCertificate other =
          signed("other", "DNS:x.example.com", "20260101000000Z", "20400101000000Z");
      try (Nginx proxy = Nginx.before(registry.port(), folder, over, UNLIMITED)) {
        Program.Outcome outcome = doctor("--url", proxy.url(), "--ca", over.certificate());
        assertThat(outcome.out()).contains("expired 2020-02-01T00:00:00Z");
        assertThat(outcome.exit()).isOne();
      }
      try (Nginx proxy = Nginx.before(registry.port(), folder, other, UNLIMITED)) {
        assertThat(doctor("--url", proxy.url(), "--ca", other.certificate()).out())
            .contains("fail  the certificate is not for localhost but for x.example.com");
      }
    }
  }

  private TestCertificate signed(String name, String names, String from, String to) {
    Path certificate = folder.resolve(name + ".crt");
    Path key = folder.resolve(name + ".key");
    Path request = folder.resolve(name + ".csr");
    Path database = folder.resolve(name + ".db");
    Path settings = folder.resolve(name + ".cnf");
    try {
      Files.createFile(database);
      Files.writeString(
          settings,
          """
          [ca]
          default_ca = d
          [d]
          database = %s
          new_certs_dir = %s
          rand_serial = yes
          default_md = sha256
          policy = p
          x509_extensions = e
          [p]
          commonName = supplied
          [e]
          subjectAltName = %s
          """
              .formatted(database, folder, names));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Path openssl = Tools.get("openssl");
    Program.of(
            openssl,
            "req",
            "-new",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=" + name,
            "-keyout",
            key,
            "-out",
            request)
        .run();
    Program.of(
            openssl,
            "ca",
            "-batch",
            "-selfsign",
            "-config",
            settings,
            "-keyfile",
            key,
            "-in",
            request,
            "-out",
            certificate,
            "-startdate",
            from,
            "-enddate",
            to,
            "-notext")
        .run();
    return new TestCertificate(certificate, key);
  }

  @Test
  void aRedisThatEvictsNothingIsFound() throws IOException {
    Tools.get("redis-cli");
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    List<String> line =
        List.of(
            Tools.get("redis-server").toString(),
            "--port",
            "" + port,
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--maxmemory",
            "10mb",
            "--maxmemory-policy",
            "noeviction",
            "--requirepass",
            "hush");
    Path root = Files.createDirectory(folder.resolve("root"));
    Path config = folder.resolve("config.yml");
    String text =
        RegistryConfig.on(root).withRedis("addr: 'localhost:" + port + "', password: %s").yaml(1);
    try (Daemon _ =
        Daemon.start(
            folder.resolve("redis.log"), line, () -> redis(port, "ping").contains("PONG"))) {
      Files.writeString(config, text.formatted("hush"));
      Program.Outcome outcome = doctor(config);
      assertThat(outcome.out())
          .contains("warn  maxmemory 10.00M with maxmemory-policy noeviction", "allkeys-lru")
          .contains("ok    takes writes");
      assertThat(outcome.exit()).isZero();
      assertThat(redis(port, "dbsize")).isEqualTo("0");

      Files.writeString(config, text.formatted("wrong"));
      assertThat(doctor(config).out())
          .contains("fail  Redis cannot be used", "WRONGPASS")
          .doesNotContain("hush");
    }
    assertThat(doctor(config).out()).contains("fail  Redis cannot be used");
    assertThat(root).isEmptyDirectory();
  }

  private static String redis(int port, String word) {
    return Program.of(
            Tools.get("redis-cli"), "-p", port, "--no-auth-warning", "-a", "hush", "--raw", word)
        .outcome()
        .out()
        .strip();
  }

  @Test
  void aReadOnlyVolumeIsFound() throws IOException {
    Tools.requireRoot();
    Path root = Files.createDirectory(folder.resolve("volume"));
    Path config = Files.writeString(folder.resolve("config.yml"), RegistryConfig.on(root).yaml(1));
    Program.of(Tools.get("mount"), "--bind", root, root).run();
    try {
      Program.of(Tools.get("mount"), "-o", "remount,bind,ro", root).run();
      Program.Outcome outcome = doctor(config);
      assertThat(outcome.exit()).isOne();
      assertThat(outcome.out())
          .contains("read-only: every push fails", "no folder can be made in " + root);
    } finally {
      Program.of(Tools.get("umount"), root).run();
    }
  }

  @Test
  void theLineIsCheckedAndKubernetesIsReadFromAPipe() throws IOException {
    Path cluster =
        Files.writeString(
            folder.resolve("cluster.json"),
            """
            {"kind": "CronJob", "metadata": {"namespace": "n", "name": "gc"}, "spec":
              {"jobTemplate": {"spec": {"template": {"spec": {"containers": [{"image":
              "registry:2", "args": ["garbage-collect", "/config.yml"]}]}}}}}}
            """);

    assertThat(doctor("--cluster", cluster).out())
        .contains("warn  CronJob n/gc", "kubectl -n n patch cronjob gc");
    Program.Outcome piped =
        Program.of("sh", "-c", Registries.berth() + " doctor --cluster - --json < " + cluster)
            .outcome();
    assertThat(piped.out()).startsWith("{\"findings\":[{\"verdict\":\"note\"");
    for (List<String> words :
        List.of(
            List.of("--url", "x"),
            List.of("--what"),
            List.of("--user", "a"),
            List.of("--url", "http://x", "--largest", "0"),
            List.of("--url", "http://x", "--user", "a", "--cluster", "-"))) {
      Program.Outcome outcome = doctor(words.toArray());
      assertThat(outcome.exit()).as("%s", words).isEqualTo(2);
      assertThat(outcome.err().lines()).hasSize(1);
    }
  }
}
