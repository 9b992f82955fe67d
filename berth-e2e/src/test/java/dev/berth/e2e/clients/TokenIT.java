package dev.berth.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Daemon;
import dev.berth.e2e.harness.LoopbackPorts;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Logins by `auth.token`, with the token server of docker's registry 2.8.2. It lets everybody do
/// everything below their own name, and nothing elsewhere.
final class TokenIT extends LoginContract {
  private static final String OTHER = "bob";

  private @Nullable Daemon service;

  @Override
  RegistryConfig config() {
    try {
      Path key = folder.resolve("token.key");
      Path certificate = folder.resolve("token.crt");
      key(key, certificate);
      int port = start(key);
      // By name: crane goes to no private address that is written as a number.
      return super.config()
          .withExtra(
              """
              auth:
                token:
                  realm: http://localhost:%d/token/
                  service: the images
                  issuer: the service
                  rootcertbundle: %s
              """
                  .formatted(port, certificate));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void key(Path key, Path certificate) {
    Path openssl = Tools.get("openssl");
    Program.of(openssl, "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key).run();
    Object[] line = {"req", "-x509", "-new", "-key", key, "-subj", "/CN=service", "-days", "2"};
    program(List.of(openssl), line).run();
    program(List.of(openssl), concat(line, "-out", certificate)).run();
  }

  private static Object[] concat(Object[] words, Object... more) {
    var all = new ArrayList<Object>(List.of(words));
    all.addAll(List.of(more));
    return all.toArray();
  }

  private int start(Path key) throws IOException {
    Path server = Tools.get("tokenserver");
    Path users =
        Files.writeString(
            folder.resolve("users"), NAME + ":" + HASH + "\n" + OTHER + ":" + HASH + "\n");
    int port = LoopbackPorts.free();
    service =
        Daemon.start(
            folder.resolve("service.log"),
            List.of(
                server.toString(),
                "-addr",
                "127.0.0.1:" + port,
                "-issuer",
                "the service",
                "-realm",
                "the service",
                "-key",
                key.toString(),
                "-passwd",
                users.toString()),
            () -> LoopbackPorts.isTaken(port));
    return port;
  }

  @AfterEach
  void stopService() {
    if (service != null) {
      service.close();
    }
  }

  @Test
  void whoHasALoginMayNotDoWhatTheTokenDoesNotSay() {
    List<Object> crane = List.of(Tools.get("crane"));
    String ofAlice = registry().reference("alice/crane", "one");
    String ofBob = registry().reference("bob/crane", "one");
    Path image = layout();
    program(crane, "auth", "login", registry().host(), "-u", OTHER, "-p", PASSWORD)
        .with("HOME", folder)
        .run();

    refused(program(crane, "push", image, ofAlice).with("HOME", folder));
    program(crane, "push", image, ofBob).with("HOME", folder).run();
    program(crane, "auth", "login", registry().host(), "-u", NAME, "-p", PASSWORD)
        .with("HOME", folder)
        .run();
    program(crane, "push", image, ofAlice).with("HOME", folder).run();
    refused(program(crane, "manifest", ofBob).with("HOME", folder));
    refused(program(crane, "delete", ofBob).with("HOME", folder));
    assertThat(registry().log()).doesNotContain("ERROR");
  }
}
