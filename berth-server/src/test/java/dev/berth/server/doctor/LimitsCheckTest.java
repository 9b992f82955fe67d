package dev.berth.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsCheckTest {
  private static final long MEBI = 1L << 20;
  private static final List<String> FLAGS =
      List.of("-Xmx64m", "-XX:MaxDirectMemorySize=64m", "-XX:ReservedCodeCacheSize=48m");

  @TempDir private Path folder;

  private static List<String> files(String line) {
    return Looking.with(findings -> LimitsCheck.files(List.of(line), findings));
  }

  private static List<String> memory(long mebi, List<String> flags) {
    return Looking.with(f -> LimitsCheck.memory(Optional.of(mebi * MEBI), flags, f));
  }

  @Test
  void fewOpenFilesAreWarnedOf() {
    assertThat(files("Max open files            1024                 4096    files"))
        .singleElement()
        .asString()
        .startsWith("WARN this process may open 1024 files");
    assertThat(files("Max open files            65536    65536    files"))
        .allMatch(line -> line.startsWith("OK "));
    assertThat(files("Max open files            unlimited   unlimited   files"))
        .allMatch(line -> line.startsWith("OK "));
    assertThat(files("other")).allMatch(line -> line.startsWith("SKIP "));
  }

  @Test
  void flagsHaveToFitTheLimit() {
    assertThat(memory(256, FLAGS)).allMatch(line -> line.startsWith("OK "));
    assertThat(memory(128, FLAGS))
        .singleElement()
        .asString()
        .startsWith("WARN memory limit of 128 MiB, the JVM may take 216 MiB");
    assertThat(memory(256, List.of("-Xmx64m", "-Xmx1g")))
        .allMatch(line -> line.startsWith("WARN "));
  }

  @Test
  void theSmallestLimitOfAllGroupsHolds() throws IOException {
    Path group = Files.createDirectories(folder.resolve("a/b"));
    Files.writeString(group.resolve("memory.max"), "max\n");
    Files.writeString(folder.resolve("a/memory.max"), "1000\n");

    assertThat(LimitsCheck.memoryLimit(List.of("0::/a/b"), folder)).contains(1000L);
    assertThat(LimitsCheck.memoryLimit(List.of("0::/gone/of/the/host"), folder)).isEmpty();

    Path old = Files.createDirectories(folder.resolve("memory/x"));
    Files.writeString(old.resolve("memory.limit_in_bytes"), "2000\n");
    assertThat(LimitsCheck.memoryLimit(List.of("4:cpu,memory:/x"), folder)).contains(2000L);
  }

  @Test
  void logsInOrSaysWhyNot() throws IOException {
    Path good =
        Files.writeString(
            folder.resolve("good"),
            "a:$2y$10$abcdefghijklmnopqrstuuE7ZCMdk6oHS5Am4Ck4b/7sYv1S2nS4e\n");
    Path old = Files.writeString(folder.resolve("old"), "a:$apr1$x$yyyyyyyyyyyyyyyyyyyyyy\n");
    Path empty = Files.writeString(folder.resolve("empty"), "");
    Path broken = Files.writeString(folder.resolve("broken"), "what?\n");

    assertThat(logins(good)).allMatch(line -> line.startsWith("OK "));
    assertThat(logins(old))
        .anyMatch(line -> line.startsWith("WARN ") && line.contains("line 1: the hash of a"))
        .anyMatch(line -> line.startsWith("FAIL ") && line.contains("nobody can log in"))
        .noneMatch(line -> line.contains("$apr1"));
    assertThat(logins(empty)).anyMatch(line -> line.startsWith("FAIL "));
    assertThat(logins(broken))
        .anyMatch(line -> line.startsWith("FAIL ") && line.contains("line 1 is no name:hash"));
    assertThat(logins(folder.resolve("none")))
        .anyMatch(line -> line.startsWith("FAIL ") && line.contains("no such file"));
  }

  private static List<String> logins(Path file) {
    return Looking.with(findings -> LoginsCheck.look(file, findings));
  }
}
