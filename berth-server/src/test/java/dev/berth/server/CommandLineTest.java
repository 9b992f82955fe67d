package dev.berth.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.BerthConfig;
import dev.berth.config.ListenAddress;
import dev.berth.storage.StorageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
  private static final String MINIMAL = "version: 0.1\nstorage: inmemory\n";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<BerthConfig> started = new ArrayList<>();
  private final List<Runnable> onStop = new ArrayList<>();
  private String password = "";

  @TempDir private Path folder;

  @Test
  void serveWithoutAFileUsesTheBuiltInConfigurationAndSaysWhatToType() {
    assertThat(berth(Map.of(), "serve")).isZero();

    assertThat(started).hasSize(1);
    assertThat(started.getFirst().storage().deleteEnabled()).isTrue();
    assertThat(err())
        .contains("http://127.0.0.1:4711")
        .contains(Path.of("registry-data").toAbsolutePath().toString())
        .contains("delete is enabled")
        .contains(
            "\n  docker pull alpine && docker tag alpine 127.0.0.1:4711/alpine"
                + " && docker push 127.0.0.1:4711/alpine\n")
        .contains("\n  docker pull 127.0.0.1:4711/alpine\n");
    assertThat(out()).isEmpty();
  }

  @Test
  void serveWithAFileUsesItAndLogsTheAddressOnly() throws IOException {
    assertThat(berth(Map.of(), "serve", config(MINIMAL))).isZero();

    assertThat(started.getFirst().storage().deleteEnabled()).isFalse();
    assertThat(err().lines())
        .singleElement()
        .satisfies(
            line ->
                assertThat(line)
                    .matches(
                        "time=\"[^\"]+\" level=info msg=\"listening on 127.0.0.1:4711\""
                            + " storage=\"in memory\" version=1"));
  }

  @Test
  void theVariableNamesTheFileForBothNames() throws IOException {
    Map<String, String> environment = Map.of("REGISTRY_CONFIGURATION_PATH", config(MINIMAL));

    assertThat(berth(environment, "serve")).isZero();
    assertThat(registry(environment, "serve")).isZero();

    assertThat(started).hasSize(2).allMatch(c -> !c.storage().deleteEnabled());
  }

  @Test
  void aStopClosesTheServer() throws IOException {
    assertThat(berth(Map.of(), "serve", config(MINIMAL))).isZero();

    assertThat(onStop).hasSize(1);
  }

  @Test
  void warningsAreLoggedAndDoNotStopTheStart() throws IOException {
    String file = config(MINIMAL + "reporting: {bugsnag: {apikey: swordfish}}\nhtp: {}\n");

    assertThat(berth(Map.of("REGISTRY_PORT", "tcp://10.0.0.1:5000"), "serve", file)).isZero();

    assertThat(err())
        .contains("level=warning")
        .contains("reporting: ignored")
        .contains("htp: unknown key; the nearest known one is http")
        .contains("REGISTRY_PORT: no setting has this name")
        .doesNotContain("swordfish");
  }

  @Test
  void badConfigurationIsOneLineAndExitOne() throws IOException {
    String file = config(MINIMAL + "http: {addr: 5000}\n");

    assertThat(berth(Map.of(), "serve", file)).isEqualTo(1);

    assertThat(err()).startsWith("berth: " + file + ":3: http.addr: ");
    assertThat(err().lines()).hasSize(1);
    assertThat(started).isEmpty();
  }

  @Test
  void aStartThatFailsIsOneLineAndExitOne() throws IOException {
    ServerStarter portInUse =
        (_, _) -> {
          throw new IOException("cannot listen on :5000: the port is in use");
        };
    ServerStarter noDirectory =
        (_, _) -> {
          throw new StorageException.Forbidden("/data cannot be written", new IOException("/data"));
        };

    assertThat(run("berth", portInUse, Map.of(), "serve", config(MINIMAL))).isEqualTo(1);
    assertThat(err()).isEqualTo("berth: cannot listen on :5000: the port is in use\n");
    err.reset();
    assertThat(run("registry", noDirectory, Map.of(), "serve", config(MINIMAL))).isEqualTo(1);
    assertThat(err()).isEqualTo("berth: /data cannot be written\n");
  }

  @Test
  void configCheckShowsEachValueAndItsOrigin() throws IOException {
    String file = config(MINIMAL + "http:\n  secret: swordfish\n");

    assertThat(berth(Map.of("REGISTRY_LOG_LEVEL", "debug"), "config", "check", file)).isZero();

    assertThat(out())
        .containsPattern("(?m)^version: \"0.1\" +# " + file + ":1$")
        .containsPattern("(?m)^log:\n  level: debug +# REGISTRY_LOG_LEVEL$")
        .containsPattern("(?m)^  secret: \\(hidden\\) +# " + file + ":4$")
        .containsPattern("(?m)^  maxentries: 1000 +# default$")
        .doesNotContain("swordfish");
    assertThat(err()).isEmpty();
  }

  @Test
  void whatConfigCheckShowsIsAConfigurationThatSaysTheSame() throws IOException {
    assertThat(berth(Map.of(), "config", "check", config(MINIMAL))).isZero();
    String shown = out();
    out.reset();

    assertThat(berth(Map.of(), "config", "check", config(shown))).as(err()).isZero();

    assertThat(values(out())).isEqualTo(values(shown));
  }

  @Test
  void configCheckFailsForAnUnknownKey() throws IOException {
    String file = config(MINIMAL + "htp: {}\n");

    assertThat(berth(Map.of(), "config", "check", file)).isEqualTo(1);

    assertThat(err())
        .isEqualTo("berth: " + file + ":3: htp: unknown key; the nearest known one is http\n");
    assertThat(out()).isEmpty();
  }

  @Test
  void configCheckNamesAllFaults() throws IOException {
    String file = config(MINIMAL + "http: {addr: x}\nlog: {level: loud}\n");

    assertThat(berth(Map.of("REGISTRY_STORAGE_DELETE_ENABLED", "maybe"), "config", "check", file))
        .isEqualTo(1);

    assertThat(err().lines()).hasSize(3).allMatch(line -> line.startsWith("berth: "));
  }

  @Test
  void theVersionIsShown() {
    assertThat(berth(Map.of(), "--version")).isZero();
    assertThat(out()).isEqualTo("berth 1\n");
    out.reset();
    assertThat(registry(Map.of(), "-v")).isZero();
    assertThat(out()).isEqualTo("registry github.com/docker/distribution v2.8.2+berth-1\n");
  }

  @Test
  void aCommandLineThatMakesNoSenseIsExitTwo() {
    assertThat(berth(Map.of())).isEqualTo(2);
    for (String[] arguments :
        List.of(
            new String[] {"srve"},
            new String[] {"serve", "a", "b"},
            new String[] {"serve", "--port"},
            new String[] {"load"},
            new String[] {"load", "--users", "0", "http://127.0.0.1:1"},
            new String[] {"load", "--json", "/no/such/folder/r.json", "http://127.0.0.1:1"},
            new String[] {"config"},
            new String[] {"doctor", "a", "b"},
            new String[] {"doctor", "--url"},
            new String[] {"doctor", "--url", "registry.example.com"},
            new String[] {"doctor", "--url", "http://a", "--url", "http://b"},
            new String[] {"doctor", "--url", "http://a", "--largest", "much"},
            new String[] {"doctor", "--url", "http://a", "--ca", "/no/such/file"},
            new String[] {"doctor", "--user", "alice"},
            new String[] {"doctor", "--cluster", "/no/such/file"},
            new String[] {"config", "chek"})) {
      err.reset();
      assertThat(berth(Map.of(), arguments)).isEqualTo(2);
      assertThat(err().lines()).hasSize(1);
    }
  }

  @Test
  void registryWithoutAFileSaysTheOldWords() {
    assertThat(registry(Map.of(), "serve")).isEqualTo(1);

    assertThat(err())
        .startsWith(
            "configuration error: configuration path unspecified\nUsage:\n  registry serve");
    assertThat(started).isEmpty();
  }

  @Test
  void registryAnswersOtherArgumentsAsTheOldOne() {
    assertThat(registry(Map.of())).isZero();
    assertThat(registry(Map.of(), "help")).isZero();
    assertThat(err()).isEmpty();
    assertThat(registry(Map.of(), "bogus")).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            "Error: unknown command \"bogus\" for \"registry\"\nRun 'registry --help' for usage.\n");
  }

  @Test
  void garbageCollectSaysThatItIsNotThereYet() {
    assertThat(registry(Map.of(), "garbage-collect", "-m", "/config.yml")).isEqualTo(1);

    assertThat(err().lines())
        .singleElement()
        .satisfies(l -> assertThat(l).contains("not there yet"));
  }

  @Test
  void theDoctorFailsWhereSomethingDoesNotWork() throws IOException {
    assertThat(berth(Map.of(), "doctor", config(MINIMAL))).isZero();
    assertThat(out()).startsWith("configuration\n").contains("warn  images are kept in memory");
    out.reset();

    assertThat(berth(Map.of(), "doctor", config(MINIMAL + "http: {addr: x}\n"), "--json")).isOne();
    assertThat(out())
        .startsWith("{\"findings\":[{\"verdict\":\"fail\",\"group\":\"configuration\"");
    out.reset();

    // Nothing is said of the inside where only the cluster was asked about.
    assertThat(berth(Map.of(), "doctor", "--cluster", "-")).isOne();
    assertThat(out()).startsWith("cluster\n  fail  standard input holds no list");
    assertThat(err()).isEmpty();
  }

  @Test
  void keepsAFileOfLogins() throws IOException {
    Path users = folder.resolve("users");
    String file = users.toString();
    password = "secret";
    assertThat(berth(Map.of(), "user", "add", file, "alice")).isZero();
    password = "other";
    assertThat(berth(Map.of(), "user", "add", file, "bob")).isZero();

    assertThat(Files.readString(users)).contains("alice:$2y$10$", "bob:$2y$10$");
    assertThat(Files.getPosixFilePermissions(users))
        .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    assertThat(berth(Map.of(), "user", "verify", file, "bob")).isZero();
    assertThat(berth(Map.of(), "user", "verify", file, "alice")).isOne();
    // Root alone can give a file to another group.
    boolean root = Files.getOwner(users).getName().equals("root");
    Object group = root ? 65_534 : Files.getAttribute(users, "unix:gid");
    Files.setAttribute(users, "unix:gid", group);
    assertThat(berth(Map.of(), "user", "add", file, "alice")).isZero();
    assertThat(Files.getAttribute(users, "unix:gid")).isEqualTo(group);
    assertThat(berth(Map.of(), "user", "verify", file, "alice")).isZero();
    assertThat(berth(Map.of(), "user", "remove", file, "alice")).isZero();
    assertThat(berth(Map.of(), "user", "remove", file, "alice")).isOne();
    assertThat(Files.readAllLines(users)).hasSize(1);
    assertThat(out() + err()).doesNotContain("$2y", "secret", "other");
  }

  @Test
  void refusesLoginsThatCannotBe() throws IOException {
    Path users = Files.writeString(folder.resolve("users"), "what?\n");
    password = "secret";

    assertThat(berth(Map.of(), "user", "add", users.toString(), "alice")).isOne();
    assertThat(Files.readString(users)).isEqualTo("what?\n");
    for (String name : List.of("", "a:b", "#a", " a", "a\nb")) {
      assertThat(berth(Map.of(), "user", "add", folder + "/new", name)).as(name).isOne();
    }
    for (String bad : List.of("", "x".repeat(73))) {
      password = bad;
      assertThat(berth(Map.of(), "user", "add", folder + "/new", "alice")).isOne();
    }
    assertThat(berth(Map.of(), "user", "add", folder + "/new")).isEqualTo(2);
    assertThat(folder.resolve("new")).doesNotExist();
    assertThat(err().lines()).hasSize(9).allMatch(line -> line.startsWith("berth: "));
  }

  private int berth(Map<String, String> environment, String... arguments) {
    return run("berth", this::start, environment, arguments);
  }

  private int registry(Map<String, String> environment, String... arguments) {
    return run("registry", this::start, environment, arguments);
  }

  private int run(
      String invokedAs,
      ServerStarter starter,
      Map<String, String> environment,
      String... arguments) {
    Console console =
        new Console(
            invokedAs,
            "1",
            environment,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            onStop::add,
            () -> password,
            InputStream.nullInputStream(),
            Runnable::run,
            InstantSource.system(),
            false);
    Command command =
        invokedAs.equals("registry")
            ? new RegistryCommand(starter)
            : new BerthCommand(starter, SecureRandom::new);
    return command.run(console, List.of(arguments));
  }

  private ServerStarter.Running start(BerthConfig config, ServerStarter.LiveConfig live) {
    started.add(config);
    return new ServerStarter.Running() {
      @Override
      public ListenAddress address() {
        return new ListenAddress("127.0.0.1", 4711);
      }

      @Override
      public void close() {
        // Nothing runs.
      }

      @Override
      public void awaitClose() {
        // Closed from the start.
      }
    };
  }

  private String config(String text) throws IOException {
    return Files.writeString(folder.resolve("config.yml"), text).toString();
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /// The shown values without the places they come from.
  private static List<String> values(String shown) {
    return shown
        .lines()
        .map(line -> line.replaceAll(" +# .*", ""))
        .filter(line -> !line.isBlank())
        .toList();
  }
}
