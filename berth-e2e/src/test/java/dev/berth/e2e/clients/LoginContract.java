package dev.berth.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.OciLayout;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Clients log in, push and pull, and are refused with a wrong password and with none, whatever
/// kind of login the registry has. All that they push is below the name of who pushes it.
abstract class LoginContract extends ClientTest {
  static final String NAME = "alice";
  static final String PASSWORD = "pass";

  /// Of [#PASSWORD], made with `htpasswd -B`.
  static final String HASH = "$2y$05$3vTlYGPPPAV.x75VqyA6E.Pt.tUcfgK.vPbAk2cr1WLl3wLu/vO/i";

  final Path layout() {
    SampleImage image = SampleImage.oci(random, "amd64", 3, 20_000);
    return OciLayout.in(folder.resolve("out")).add("one", image).folder();
  }

  @Test
  void skopeo() {
    Path skopeo = Tools.get("skopeo");
    String image = "oci:" + layout() + ":one";
    String target = "docker://" + registry().reference("alice/skopeo", "one");
    List<Object> copy =
        List.of(skopeo, "copy", "--src-tls-verify=false", "--dest-tls-verify=false");

    program(copy, "--dest-creds", NAME + ":" + PASSWORD, image, target).run();
    program(copy, "--src-creds", NAME + ":" + PASSWORD, target, "dir:" + folder + "/back").run();

    refused(program(copy, "--dest-creds", NAME + ":wrong", image, target));
    refused(program(copy, target, "dir:" + folder + "/other"));
    assertThat(folder.resolve("back/manifest.json")).exists();
  }

  @Test
  void podman() {
    var podman = new Podman(folder);
    String reference = registry().reference("alice/podman", "one");
    Path tokens = folder.resolve("tokens.json");
    String id = podman.run("pull", "-q", "oci:" + layout() + ":one");

    refused(podman.program("push", "--tls-verify=false", id, reference));
    refused(login(podman, "wrong", tokens));
    login(podman, PASSWORD, tokens).run();
    podman.run("push", "--tls-verify=false", "--authfile", tokens, id, reference);
    podman.run("rmi", "--all", "--force");
    podman.run("pull", "--tls-verify=false", "--authfile", tokens, reference);
  }

  private Program login(Podman podman, String password, Path tokens) {
    return podman.program(
        "login",
        "--tls-verify=false",
        "--authfile",
        tokens,
        "-u",
        NAME,
        "-p",
        password,
        registry().host());
  }

  @Test
  void docker() {
    Path debian = Tools.prepared("debian.tar");
    String reference = registry().reference("alice/docker", "12");
    try (Docker docker = Docker.start(folder)) {
      docker.run("import", debian, reference);
      refused(docker.program("push", reference));
      refused(docker.program("login", "-u", NAME, "-p", "wrong", registry().host()));
      docker.run("login", "-u", NAME, "-p", PASSWORD, registry().host());
      docker.run("push", reference);
      docker.run("rmi", "--force", reference);
      docker.run("pull", reference);
      docker.run("logout", registry().host());
      docker.run("rmi", "--force", reference);
      refused(docker.program("pull", reference));
    }
  }

  @Test
  void containerd() throws IOException {
    Path skopeo = Tools.get("skopeo");
    String reference = registry().reference("alice/containerd", "one");
    Program.of(
            skopeo,
            "copy",
            "--dest-tls-verify=false",
            "--dest-creds",
            NAME + ":" + PASSWORD,
            "oci:" + layout() + ":one",
            "docker://" + reference)
        .run();
    try (Containerd containerd = Containerd.start(folder)) {
      Object[] pull = {"pull", "--plain-http", "--snapshotter", "native"};
      refused(containerd.program(with(pull, reference)));
      refused(containerd.program(with(pull, "--user", NAME + ":wrong", reference)));
      containerd.images(with(pull, "--user", NAME + ":" + PASSWORD, reference));
    }
  }

  private static Object[] with(Object[] words, Object... more) {
    var all = new ArrayList<Object>(List.of(words));
    all.addAll(List.of(more));
    return all.toArray();
  }

  @Test
  void crane() {
    List<Object> crane = List.of(Tools.get("crane"));
    String reference = registry().reference("alice/crane", "one");

    refused(crane(crane, "push", layout(), reference));
    crane(crane, "auth", "login", registry().host(), "-u", NAME, "-p", PASSWORD).run();
    crane(crane, "push", folder.resolve("out"), reference).run();
    crane(crane, "pull", reference, folder.resolve("image.tar")).run();
    assertThat(folder.resolve("image.tar")).exists();
    crane(crane, "auth", "login", registry().host(), "-u", NAME, "-p", "wrong").run();
    refused(crane(crane, "manifest", reference));
  }

  private Program crane(List<Object> crane, Object... words) {
    return program(crane, words).with("HOME", folder);
  }

  @Test
  void helm() {
    List<Object> helm = List.of(Tools.get("helm"));
    String charts = "oci://" + registry().host() + "/alice/charts";
    helm(helm, "create", "chart").run();
    helm(helm, "package", "chart", "--version", "1.2.3").run();

    refused(helm(helm, "push", "--plain-http", "chart-1.2.3.tgz", charts));
    refused(helmLogin(helm, "wrong"));
    helmLogin(helm, PASSWORD).run();
    helm(helm, "push", "--plain-http", "chart-1.2.3.tgz", charts).run();
    helm(helm, "show", "chart", "--plain-http", charts + "/chart", "--version", "1.2.3").run();
  }

  private Program helmLogin(List<Object> helm, String password) {
    return helm(
        helm, "registry", "login", "--plain-http", "-u", NAME, "-p", password, registry().host());
  }

  private Program helm(List<Object> helm, Object... words) {
    return program(helm, words).in(folder).with("HOME", folder);
  }

  static Program program(List<Object> start, Object... words) {
    var line = new ArrayList<Object>(start);
    line.addAll(List.of(words));
    return Program.of(line.toArray());
  }

  static void refused(Program program) {
    Program.Outcome outcome = program.outcome();
    assertThat(outcome.exit()).as(outcome.toString()).isNotZero();
    assertThat(outcome.out() + outcome.err())
        .containsAnyOf(
            "unauthorized",
            "UNAUTHORIZED",
            "401",
            "invalid username",
            "credential not found",
            "no basic auth",
            "insufficient_scope",
            "denied");
  }
}
