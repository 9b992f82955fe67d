package dev.berth.e2e.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The memory limits of `bin/start-server.sh`, read from control groups made of plain files.
final class JvmFlagsTest {
  private static final String SMALL =
      "-Xmn12m -Xmx40m -XX:MaxDirectMemorySize=24m -XX:ReservedCodeCacheSize=24m";
  private static final String ORDINARY =
      "-Xmn16m -Xmx64m -XX:MaxDirectMemorySize=64m -XX:ReservedCodeCacheSize=48m";

  @TempDir Path tools;
  @TempDir Path system;

  @Test
  void takesTheSmallestLimitOnTheWayUpInVersionTwo() throws Exception {
    membership("0::/kubepods/pod/container");
    limit("sys/fs/cgroup/kubepods/pod/container/memory.max", "max");
    limit("sys/fs/cgroup/kubepods/pod/memory.max", "134217728");
    limit("sys/fs/cgroup/kubepods/memory.max", "8589934592");

    assertThat(flags()).isEqualTo(SMALL);
  }

  @Test
  void readsTheMountItselfWhenTheGroupNamesAFolderOfTheHost() throws Exception {
    membership("5:cpu,cpuacct:/docker/abc", "4:memory:/docker/abc", "0::/");
    limit("sys/fs/cgroup/memory/memory.limit_in_bytes", "134217728");

    assertThat(flags()).isEqualTo(SMALL);
  }

  @Test
  void takesNineteenDigitsAndMaxForNoLimit() throws Exception {
    membership("4:memory:/", "0::/");
    limit("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
    limit("sys/fs/cgroup/memory.max", "max");

    assertThat(flags()).isEqualTo(ORDINARY);
  }

  @Test
  void givesTheOrdinaryFlagsToAGroupOfOneGibibyte() throws Exception {
    membership("0::/");
    limit("sys/fs/cgroup/memory.max", "1073741824");

    assertThat(flags()).isEqualTo(ORDINARY);
  }

  @Test
  void givesTheOrdinaryFlagsWhereThereAreNoControlGroups() throws Exception {
    assertThat(flags()).isEqualTo(ORDINARY);
  }

  private String flags() throws IOException, InterruptedException {
    Shell.Result result =
        new Shell(tools)
            .run(". bin/start-server.sh; jvm_flags", Map.of("BERTH_TEST_ROOT", system.toString()));
    assertThat(result.errors()).isEmpty();
    return result.output();
  }

  private void membership(String... lines) throws IOException {
    limit("proc/self/cgroup", String.join("\n", lines));
  }

  private void limit(String path, String content) throws IOException {
    Path file = system.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content + "\n");
  }
}
