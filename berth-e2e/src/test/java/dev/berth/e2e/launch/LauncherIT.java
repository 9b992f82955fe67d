package dev.berth.e2e.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// `./berth` itself, over the build that this very run of Maven has made.
@Isolated
final class LauncherIT {
  @TempDir Path directory;
  private Shell shell;

  /// The first start after a build says that it prepares the next ones.
  @BeforeEach
  void startsOnce() throws Exception {
    shell = new Shell(directory);
    assertThat(run("./berth --version").exitStatus()).isZero();
  }

  @Test
  void nothingOfTheRuntimeIsOnStandardError() throws Exception {
    Shell.Result result = run("./berth --version");

    assertThat(result.output()).startsWith("berth ");
    assertThat(result.errors()).isEmpty();
  }

  @Test
  void calledRegistryItAnswersAsTheOldOne() throws Exception {
    Shell.Result result = run("bin/registry --version");

    assertThat(result.output()).startsWith("registry ").contains("v2.8.2");
    assertThat(result.errors()).isEmpty();
  }

  @Test
  void aLinkFromElsewhereLeadsHome() throws Exception {
    String link = "'" + directory + "/registry'";

    Shell.Result result =
        run("ln -s \"$PWD/berth\" " + link + "; cd /; " + link + " --version; rm " + link);

    assertThat(result.output()).startsWith("registry ");
  }

  @Test
  void argumentsAndOptionsOfTheJvmArriveWhole() throws Exception {
    Shell.Result result =
        run("BERTH_JAVA_OPTS='-Xmx48m -Dfile=x' ./berth config check '/no such/file'");

    assertThat(result.exitStatus()).isNotZero();
    assertThat(result.errors()).contains("/no such/file");
  }

  @Test
  void aPasswordIsReadFromStandardInput() throws Exception {
    String users = "'" + directory + "/users'";

    Shell.Result added = run("echo secret | ./berth user add " + users + " alice");
    Shell.Result right = run("echo secret | ./berth user verify " + users + " alice");
    Shell.Result wrong = run("echo other | ./berth user verify " + users + " alice");

    assertThat(added.errors()).isEmpty();
    assertThat(added.exitStatus()).isZero();
    assertThat(right.exitStatus()).isZero();
    assertThat(wrong.exitStatus()).isOne();
    assertThat(wrong.errors()).contains("not the password of alice");
  }

  private Shell.Result run(String script) throws IOException, InterruptedException {
    return shell.run(
        script,
        Map.of("PATH", "/usr/bin:/bin", "BERTH_JAVA_HOME", System.getProperty("java.home")));
  }
}
