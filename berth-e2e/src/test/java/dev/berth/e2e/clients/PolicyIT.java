package dev.berth.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Logins and pulls without one, side by side, under a policy; and what docker cannot do.
final class PolicyIT extends LoginContract {
  private boolean anonymousPing;

  @Override
  RegistryConfig config() {
    try {
      Path file = Files.writeString(folder.resolve("users"), NAME + ":" + HASH + "\n");
      return super.config()
          .withExtra(
              """
              auth: {htpasswd: {realm: the images, path: %s}}
              berth:
                policy:
                  rules:
                    - {who: anyone, may: pull, in: public/**}
                    - {who: alice, may: push, in: [alice/**, public/**]}
                  anonymousping: %s
              """
                  .formatted(file, anonymousPing));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// An image that anyone may pull, and one that nobody may without a login.
  private String published(String name) {
    Path skopeo = Tools.get("skopeo");
    for (String part : List.of("public", "alice")) {
      Program.of(
              skopeo,
              "copy",
              "--dest-tls-verify=false",
              "--dest-creds",
              NAME + ":" + PASSWORD,
              "oci:" + layout() + ":one",
              "docker://" + registry().reference(part + "/" + name, "one"))
          .run();
    }
    return registry().reference("public/" + name, "one");
  }

  private static String closed(String reference) {
    return reference.replace("/public/", "/alice/");
  }

  @Test
  void skopeoAndCranePullWithoutALogin() {
    String open = published("a");
    Path skopeo = Tools.get("skopeo");
    Path crane = Tools.get("crane");

    Program.of(skopeo, "inspect", "--tls-verify=false", "docker://" + open).run();
    refused(Program.of(skopeo, "inspect", "--tls-verify=false", "docker://" + closed(open)));
    Program.of(crane, "manifest", open).with("HOME", folder.resolve("nobody")).run();
    refused(Program.of(crane, "manifest", closed(open)).with("HOME", folder.resolve("nobody")));
  }

  @Test
  void podmanPullsWithoutALogin() {
    var podman = new Podman(folder);
    String open = published("a");

    podman.run("pull", "--tls-verify=false", open);
    refused(podman.program("pull", "--tls-verify=false", closed(open)));
  }

  @Test
  void containerdPullsWithoutALogin() throws IOException {
    String open = published("a");
    try (Containerd containerd = Containerd.start(folder)) {
      Object[] pull = {"pull", "--plain-http", "--snapshotter", "native", open};
      containerd.images(pull);
      refused(containerd.program("pull", "--plain-http", "--snapshotter", "native", closed(open)));
    }
  }

  @Test
  void helmPullsWithoutALogin() {
    Path helm = Tools.get("helm");
    String charts = "oci://" + registry().host() + "/public/charts";
    helm(helm, "home", "create", "chart").run();
    helm(helm, "home", "package", "chart", "--version", "1.2.3").run();
    helm(
            helm,
            "home",
            "registry",
            "login",
            "--plain-http",
            "-u",
            NAME,
            "-p",
            PASSWORD,
            registry().host())
        .run();
    helm(helm, "home", "push", "--plain-http", "chart-1.2.3.tgz", charts).run();

    helm(helm, "nobody", "show", "chart", "--plain-http", charts + "/chart", "--version", "1.2.3")
        .run();
    refused(helm(helm, "nobody", "push", "--plain-http", "chart-1.2.3.tgz", charts));
  }

  private Program helm(Path helm, String home, Object... words) {
    return program(List.of(helm), words).in(folder).with("HOME", folder.resolve(home));
  }

  /// Asked for a name at `/v2/`, docker's classic store does not go on without one.
  @Test
  void dockerNeedsALoginWhereThereCanBeOne() {
    String open = published("a");
    try (Docker docker = Docker.start(folder)) {
      refused(docker.program("pull", open));
      docker.run("login", "-u", NAME, "-p", PASSWORD, registry().host());
      docker.run("pull", open);
    }
  }

  /// Not asked for a name at `/v2/`, docker never gives one.
  @Test
  void dockerPullsWithoutALoginWhereItNeverShowsOne() {
    anonymousPing = true;
    Path debian = Tools.prepared("debian.tar");
    String open = registry().reference("public/docker", "12");
    Program.of(Tools.get("crane"), "append", "--oci-empty-base", "-f", debian, "-t", open)
        .with("HOME", home())
        .run();
    try (Docker docker = Docker.start(folder)) {
      docker.run("pull", open);
      docker.run("login", "-u", NAME, "-p", "wrong", registry().host());
      docker.run("tag", open, registry().reference("alice/docker", "12"));
      refused(docker.program("push", registry().reference("alice/docker", "12")));
    }
    assertThat(client().answers()).isTrue();
  }

  private Path home() {
    Path home = folder.resolve("home");
    Program.of(Tools.get("crane"), "auth", "login", registry().host(), "-u", NAME, "-p", PASSWORD)
        .with("HOME", home)
        .run();
    return home;
  }
}
