package dev.berth.config.load;

import static dev.berth.config.load.Loading.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "log: {level: loud} | log.level: expected error or warn or info or debug, got \"loud\"",
        "log: {formatter: xml} | log.formatter: expected text or json or logstash, got \"xml\"",
        "log: [a] | log: expected a map with some of: level, formatter, fields, accesslog, hooks",
        "log: {accesslog: {disabled: \"true\"}} | log.accesslog.disabled: expected true or false without"
            + " quotes, got the text \"true\"",
        "http: {addr: 5000} | http.addr: expected an address such as :5000, 127.0.0.1:5000 or"
            + " [::1]:5000, got \"5000\"",
        "http: {addr: ':70000'} | http.addr: 70000 is no port; give 0 to 65535 (given: the text"
            + " \":70000\")",
        "http: {draintimeout: soon} | http.draintimeout: expected a time such as 168h, 1m30s or 10ms,"
            + " got \"soon\"",
        "http: {draintimeout: -1s} | http.draintimeout: a time below 0 makes no sense here; give 0 or"
            + " more",
        "http: {host: example.com} | http.host: \"example.com\" is no base address; give one like"
            + " https://registry.example.com",
        "http: {prefix: a/b} | http.prefix: \"a/b/\" is no path; give one like /my/path/",
        "http: {headers: {X-A: b}} | http.headers: expected a list, each a text, got \"b\"",
        "http: {debug: {addr: ':5001', prometheus: {path: metrics}}} | http.debug.prometheus.path:"
            + " \"metrics\" is no path; give one like /metrics",
        "http: {secret: [a]} | http.secret: expected a text, got something else (not shown)",
        "catalog: {maxentries: many} | catalog.maxentries: expected a whole number, got \"many\"",
        "catalog: {maxentries: 9999999} | catalog.maxentries: 9999999 is out of bounds; give 1 to"
            + " 1000000",
        "health: {file: {a: b}} | health.file: expected a list of maps",
        "health: {tcp: [{timeout: 1s}]} | health.tcp[].addr: missing; give it",
        "validation: {manifests: {urls: {allow: ['(']}}} | validation.manifests.urls.allow: \"(\" is no"
            + " regular expression: missing closing ) (given: the text \"(\")",
        "berth: {limits: {threads: {read: 0}}} | berth.limits.threads.read: 0 is out of bounds; give 1"
            + " to 1024",
        "berth: {storage: {reserve: 1GiB}} | berth.storage.reserve: 1GiB is out of bounds; give 0 to"
            + " 64MiB",
        "berth: {delete: {referencedblobs: maybe}} | berth.delete.referencedblobs: expected refuse or"
            + " allow, got \"maybe\""
      })
  void aWrongValueIsOneLineWithItsPlace(String line, String message) {
    assertThat(problems(Loading.MINIMAL + line + "\n")).containsExactly("config.yml:3: " + message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis: {addr: 'redis://:hush@host:6379'}",
        "redis: {addrs: ['redis://:hush@host:6379']}",
        "http: {secret: !!hush x}",
        "http: {secret: *hush}"
      })
  void noPasswordIsShown(String line) {
    assertThat(problems(Loading.MINIMAL + line + "\n"))
        .isNotEmpty()
        .noneMatch(problem -> problem.contains("hush"));
  }

  @Test
  void allFaultsAreNamedAtOnceInTheOrderOfTheFile() {
    String file =
        """
        version: 0.1
        http: {addr: x}
        storage: {inmemory: {}, filesystem: {}}
        log: {level: loud}
        """;

    assertThat(problems(file))
        .extracting(line -> line.substring(0, line.indexOf(": ")))
        .containsExactly("config.yml:2", "config.yml:3", "config.yml:4");
  }

  @Test
  void twoDriversAreBothNamed() {
    assertThat(problems("version: 0.1\nstorage:\n  inmemory: {}\n  filesystem: {}\n"))
        .containsExactly(
            "config.yml:4: storage: more than one storage driver: inmemory (config.yml:3) and"
                + " filesystem (config.yml:4); keep one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"version: 0.1", "version: 0.1\nstorage: {delete: {enabled: true}}"})
  void aStorageWithoutADriverIsRefused(String file) {
    assertThat(problems(file))
        .singleElement()
        .satisfies(line -> assertThat(line).contains("no storage configuration provided"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "storage: filesystem", "version:", "# nothing"})
  void aMissingVersionIsSaidInTheOldWords(String file) {
    assertThat(problems(file))
        .containsExactly("config.yml:1: version: unsupported version: \"\"; give version: 0.1");
  }

  @Test
  void anotherVersionIsRefused() {
    assertThat(problems("version: 0.2\nstorage: filesystem"))
        .containsExactly("config.yml:1: version: unsupported version: \"0.2\"; give version: 0.1");
  }

  @Test
  void unknownKeysAreNamedWithTheNearestKnownOne() {
    LoadedConfig loaded =
        Loading.load(
            """
            version: 0.1
            storage:
              filesystem: {rootdirectory: /a, rootdir: /b}
              delete: {enable: true}
            htp: {addr: ":1"}
            http:
              adr: ":1"
              maxentries: 5
            """);

    assertThat(Loading.unknown(loaded))
        .containsExactly(
            "config.yml:3: storage.filesystem.rootdir: unknown key; the nearest known one is"
                + " storage.filesystem.rootdirectory",
            "config.yml:4: storage.delete.enable: unknown key; the nearest known one is"
                + " storage.delete.enabled",
            "config.yml:5: htp: unknown key; the nearest known one is http",
            "config.yml:7: http.adr: unknown key; the nearest known one is http.addr",
            "config.yml:8: http.maxentries: unknown key; the nearest known one is"
                + " catalog.maxentries");
  }

  @Test
  void aKeyThatStandsTwiceIsRefused() {
    assertThat(problems("version: 0.1\nstorage: filesystem\nhttp:\n  addr: :1\n  addr: :2\n"))
        .containsExactly(
            "config.yml:5: addr: stands here a second time (first in config.yml:4); take one out");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: [",
        "a: b: c",
        "\ta: b",
        "a: 'b",
        "a: @b",
        "- a\nb: c",
        "{",
        "%YAML",
        "a: !!x"
      })
  void whatIsNoYamlIsRefusedInOneLine(String text) {
    assertThat(problems(text))
        .singleElement()
        .satisfies(line -> assertThat(line).startsWith("config.yml:").doesNotContain("\n"));
  }

  @Test
  void aliasesCannotMakeASmallFileLarge() {
    StringBuilder file = new StringBuilder("version: 0.1\na0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
      String alias = "*a" + (i - 1);
      file.append("a").append(i).append(": &a").append(i).append(" [");
      file.append(String.join(", ", alias, alias, alias, alias, alias)).append("]\n");
    }

    assertThat(problems(file.toString())).hasSize(1);
  }

  @Test
  void aListThatHoldsItselfIsRefused() {
    assertThat(problems("version: 0.1\nstorage: &a {filesystem: *a}\n")).hasSize(1);
  }

  @Test
  void depthHasABound() {
    assertThat(problems("a: " + "[".repeat(10_000))).hasSize(1);
  }

  @Test
  void aliasesAndMergesOfHonestFilesWork() {
    LoadedConfig loaded =
        Loading.load(
            """
            version: 0.1
            x-base: &base {enabled: true, age: 1h}
            storage:
              filesystem: {}
              maintenance:
                uploadpurging: {<<: *base, age: 2h}
            """);

    assertThat(loaded.config().storage().uploadPurging().age()).hasHours(2);
    assertThat(loaded.config().storage().uploadPurging().enabled()).isTrue();
  }

  @Test
  void aFileThatIsNoneIsOneLine(@TempDir Path folder) throws IOException {
    Path large = Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

    assertThatThrownBy(() -> ConfigSource.file(folder.resolve("none")))
        .isInstanceOf(ConfigException.class)
        .hasMessage(folder + "/none: no such file; create it or name another");
    assertThatThrownBy(() -> ConfigSource.file(folder))
        .isInstanceOf(ConfigException.class)
        .hasMessage(folder + ": is a directory; name the file in it");
    assertThatThrownBy(() -> ConfigSource.file(large))
        .hasMessage(large + ": larger than 1 MiB; this is no configuration");
    assertThatThrownBy(() -> ConfigSource.file(binary))
        .hasMessage(binary + ": not UTF-8; save it as UTF-8");
  }

  @Test
  void aFileIsReadAsUtf8(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("config.yml");
    Files.writeString(
        file, Loading.MINIMAL + "log: {fields: {place: Zürich}}\n", StandardCharsets.UTF_8);

    LoadedConfig loaded = ConfigLoader.load(ConfigSource.file(file), Map.of());

    assertThat(loaded.config().log().fields()).containsEntry("place", "Zürich");
  }

  @Test
  void aFaultHidesNeitherUnknownKeysNorWarnings() {
    String text = "version: 0.1\nstorage: {filesystm: {}}\nhtp: 1\ntags: {maxtags: 9}\n";

    assertThatThrownBy(() -> Loading.load(text))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e -> {
              assertThat(e.problems()).hasSize(1);
              assertThat(e.unknown()).extracting(Problem::key).containsExactly("htp");
              assertThat(e.warnings()).extracting(Problem::key).containsExactly("tags.maxtags");
            });
  }

  @Test
  void aDriverThatDoesNotExistIsNamedThoughThereIsAnother() {
    assertThat(problems("version: 0.1\nstorage: {filesystem: {}, filesystm: {}}\n"))
        .singleElement()
        .satisfies(line -> assertThat(line).contains("filesystm: no storage driver", "nearest"));
  }

  @Test
  void aTimeWithoutAUnitIsWarnedOf() {
    assertThat(
            Loading.warnings(
                Loading.load(Loading.MINIMAL + "health: {storagedriver: {interval: 10}}\n")))
        .containsExactly(
            "config.yml:3: health.storagedriver.interval: a number without a unit is nanoseconds;"
                + " write 10s for seconds");
  }

  @Test
  void showsNoPasswordThatBeginsAsAnAlias() {
    assertThat(problems(Loading.MINIMAL + "redis: {addr: 'a:1', password: *Xk29}\n"))
        .singleElement()
        .satisfies(line -> assertThat(line).contains("put it in quotes").doesNotContain("Xk29"));
  }

  @Test
  void showsNoLoginOfAHealthCheckThatCannotBe() {
    assertThat(problems(Loading.MINIMAL + "health: {http: [{uri: 'http://u:s3@my_host/'}]}\n"))
        .singleElement()
        .satisfies(
            line -> assertThat(line).contains("health.http[].uri: no host").doesNotContain("s3@"));
  }

  @Test
  void anActionThatThereIsNotIsWarnedOf() {
    String text =
        "notifications: {endpoints: [{url: 'http://a', ignore: {actions: [pull, pulls]}}]}\n";

    assertThat(Loading.warnings(Loading.load(Loading.MINIMAL + text)))
        .containsExactly(
            "config.yml:3: notifications.endpoints[].ignore.actions: \"pulls\" is no action; there are"
                + " push, pull, mount, delete");
  }

  @Test
  void doesNotShowAHeaderThatIsWrittenWrongly() {
    String text =
        "notifications: {endpoints: [{url: 'http://a', headers: {Authorization: \"Bearer s3cret\"}}]}";

    assertThat(Loading.problems(Loading.MINIMAL + text))
        .singleElement()
        .satisfies(
            line -> assertThat(line).contains("a list").contains("not shown").doesNotContain("s3"));
  }
}
