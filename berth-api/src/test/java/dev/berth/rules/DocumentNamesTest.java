package dev.berth.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The documents name nothing that is not there, and nothing that must stand in them is missing.
/// The changelog is left out: it speaks of the past.
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // the tree is read once
final class DocumentNamesTest {
  private static final Path TOP = Path.of("..");
  private final DocumentNames names;

  DocumentNamesTest() throws IOException {
    names = new DocumentNames(TOP);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everythingNamedIsThere(String document) {
    assertThat(names.wrongIn(document)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[one](docs/never-written.md)",
        "[one](docs/testing.md#never-written)",
        "`StoredRegistri`",
        "the `@Larger` ones",
        "`-Dit.test=NeverIT`",
        "an `…Ghost`",
        "`dev.berth.phantom`",
        "```\njava dev.berth.server.Phantom\n```",
        "`berth-e2e/customers/`",
        "`./perth serve`",
        "`bin/registri serve config.yml`",
        "`berth-phantom/target/bom.json`"
      })
  void aNameForNothingIsFound(String text) {
    assertThat(names.wrongIn("README.md", text)).hasSize(1);
  }

  @Test
  void whatIsThereOrNotOursIsPassedOver() {
    assertThat(
            names.wrongIn(
                "docs/testing.md",
                """
                [here](../README.md#run-it), [there](https://example.com/none), `StoredRegistry`,
                `…IT`, `@Large`, `dev.berth.oci.Registry`, `bin/registry serve`, `.ci/run`,
                `berth-e2e/clients/*/go.mod`, `berth-server/target/bom.json`, `berth/locks`,
                `Content-Length`, `GET /v2/`, `-XX:MaxDirectMemorySize=24m`, `/etc/none`
                """))
        .isEmpty();
  }

  @Test
  void thePageOfTheArchitectureNamesEveryPackageThatShips() throws IOException {
    String page = Files.readString(TOP.resolve("ARCHITECTURE.md"));

    for (String module : List.of("berth-api", "berth-storage", "berth-server")) {
      assertThat(packagesIn(TOP.resolve(module).resolve("src/main/java")))
          .isNotEmpty()
          .allSatisfy(name -> assertThat(page).containsPattern("`" + name + "(`|\\.[A-Z])"));
    }
  }

  @Test
  void thePageOnTestingHasARowForEveryPackageOfBerthE2e() throws IOException {
    String page = Files.readString(TOP.resolve("docs/testing.md"));
    String root = "dev.berth.e2e.";

    assertThat(packagesIn(TOP.resolve("berth-e2e/src/test/java")))
        .isNotEmpty()
        .filteredOn(name -> name.startsWith(root))
        .allSatisfy(name -> assertThat(page).contains("\n| `" + name.replace(root, "") + "` |"));
  }

  static List<String> documents() throws IOException {
    try (Stream<Path> beside = Files.list(TOP);
        Stream<Path> below = Files.list(TOP.resolve("docs"))) {
      return Stream.concat(beside, below)
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.endsWith("CHANGELOG.md"))
          .map(file -> TOP.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private static List<String> packagesIn(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(file -> root.relativize(file.resolveSibling("")).toString().replace('/', '.'))
          .distinct()
          .toList();
    }
  }
}
