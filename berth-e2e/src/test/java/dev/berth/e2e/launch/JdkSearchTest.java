package dev.berth.e2e.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The search of `.mvn/find-jdk.sh`, over folders that only look like JDKs.
final class JdkSearchTest {
  private static final String SEARCH = ". .mvn/find-jdk.sh; find_jdk && echo \"$JAVA_HOME\"";

  @TempDir Path home;
  @TempDir Path system;
  private Shell shell;

  @BeforeEach
  void makesToolsWithoutJdk() throws IOException {
    shell = new Shell(home);
  }

  @Test
  void passesOverAnOlderJdkThatComesFirst() throws Exception {
    Path older = jdk(system.resolve("seventeen"), "17.0.15");
    Path wanted = jdk(system.resolve("usr/lib/jvm/temurin"), "25.0.3");

    Shell.Result result =
        shell.run(
            SEARCH,
            Map.of(
                "BERTH_JAVA_HOME", older.toString(),
                "JAVA_HOME", older.toString(),
                "PATH", older.resolve("bin") + ":" + home,
                "BERTH_TEST_ROOT", system.toString()));

    assertThat(result.output()).isEqualTo(wanted.toString());
    assertThat(result.errors()).isEmpty();
  }

  @Test
  void takesWhatWasAskedForBeforeWhatIsElsewhere() throws Exception {
    Path asked = jdk(system.resolve("asked"), "26-ea");
    Path other = jdk(system.resolve("other"), "25");
    jdk(system.resolve("opt/jdk"), "25");

    Shell.Result result =
        shell.run(
            SEARCH,
            Map.of(
                "BERTH_JAVA_HOME", asked.toString(),
                "JAVA_HOME", other.toString(),
                "BERTH_TEST_ROOT", system.toString()));

    assertThat(result.output()).isEqualTo(asked.toString());
  }

  @Test
  void findsTheSecondJdkOfThePath() throws Exception {
    Path older = jdk(system.resolve("seventeen"), "17.0.15");
    Path wanted = jdk(system.resolve("with space"), "25.0.3");

    Shell.Result result =
        shell.run(
            SEARCH,
            Map.of(
                "PATH",
                older.resolve("bin") + ":" + wanted.resolve("bin") + ":" + home,
                "BERTH_TEST_ROOT",
                system.toString()));

    assertThat(result.output()).isEqualTo(wanted.toString());
  }

  @Test
  void looksWhereSdkmanAndEditorsPutJdks() throws Exception {
    Path wanted = jdk(home.resolve(".jdks/temurin-25"), "25.0.1");

    assertThat(shell.run(SEARCH, inEmptySystem()).output()).isEqualTo(wanted.toString());

    Path nearer = jdk(home.resolve(".sdkman/candidates/java/25-tem"), "25.0.1");

    assertThat(shell.run(SEARCH, inEmptySystem()).output()).isEqualTo(nearer.toString());
  }

  @Test
  void refusesARuntimeWithoutCompiler() throws Exception {
    Path runtime = jdk(system.resolve("opt/jre"), "25");
    Files.delete(runtime.resolve("bin/javac"));

    assertThat(shell.run(SEARCH, inEmptySystem()).exitStatus()).isNotZero();
  }

  @Test
  void bothCommandsSayInOneSentenceWhatIsMissingAndWhereTheyLooked() throws Exception {
    for (String command : new String[] {"./berth serve", "./mvnw verify", "bin/registry serve"}) {
      Shell.Result result = shell.run(command, inEmptySystem());

      assertThat(result.exitStatus()).as(command).isEqualTo(1);
      assertThat(result.output()).as(command).isEmpty();
      assertThat(result.errors().lines())
          .as(command)
          .singleElement()
          .asString()
          .contains("JDK 25", "BERTH_JAVA_HOME", "the PATH", "/usr/lib/jvm", "/opt", ".jdks");
    }
  }

  private Map<String, String> inEmptySystem() {
    return Map.of("BERTH_TEST_ROOT", system.toString());
  }

  private static Path jdk(Path directory, String version) throws IOException {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    for (String command : new String[] {"java", "javac"}) {
      Path file = Files.writeString(bin.resolve(command), "#!/bin/sh\nexit 1\n");
      if (!file.toFile().setExecutable(true)) {
        throw new IOException("cannot make " + file + " executable");
      }
    }
    Files.writeString(
        directory.resolve("release"),
        "IMPLEMENTOR=\"nobody\"\nJAVA_VERSION=\"" + version + "\"\nOS_ARCH=\"x86_64\"\n");
    return directory.toRealPath();
  }
}
