package dev.berth.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// buildah makes an image from Debian packages, pushes it, and builds on from what it pulls back.
final class BuildahIT extends ClientTest {
  @Test
  void pushesAnImageMadeFromDebianPackages() throws Exception {
    Tools.requireRoot();
    Path buildah = Tools.get("buildah");
    Path debian = Tools.prepared("debian.tar");
    String reference = registry().reference("debian/busybox", "12");
    Path digestFile = folder.resolve("digest");

    String made = buildah(buildah, "from", "scratch");
    buildah(buildah, "add", "-q", made, debian, "/");
    buildah(buildah, "config", "--cmd", "/bin/busybox", "--env", "MADE_BY=buildah", made);
    buildah(buildah, "run", "--isolation", "chroot", made, "/bin/busybox", "touch", "/seen");
    String id = buildah(buildah, "commit", "-q", "--format", "oci", made, reference);
    buildah(buildah, "push", "-q", "--tls-verify=false", "--digestfile", digestFile, reference);
    buildah(buildah, "rm", "--all");
    buildah(buildah, "rmi", "--all", "--force");
    String pulled = buildah(buildah, "pull", "-q", "--tls-verify=false", reference);
    String again = buildah(buildah, "from", "--pull-never", pulled);
    String seen =
        buildah(buildah, "run", "--isolation", "chroot", again, "/bin/busybox", "ls", "/seen");

    assertThat(client().resolve("debian/busybox", "12"))
        .contains(Files.readString(digestFile).strip());
    assertThat(pulled).as("image id").isEqualTo(id);
    assertThat(seen).isEqualTo("/seen");
  }

  private String buildah(Path buildah, Object... words) {
    var line = new ArrayList<Object>();
    line.addAll(List.of(buildah, "--root", folder.resolve("root"), "--runroot", folder + "/run"));
    line.addAll(List.of("--storage-driver", "vfs"));
    line.addAll(List.of(words));
    return Program.of(line.toArray()).run().text();
  }
}
