package dev.berth.server.health;

import dev.berth.config.HealthConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Makes the checks that a configuration asks for (`health`), named and worded as registry 2.8.2
/// does it.
public final class HealthChecks {
  /// Where the configuration gives no time limit. Registry 2.8.2 waits for as long as the system
  /// does.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private HealthChecks() {}

  /// The checks, in no order.
  ///
  /// @param driverName as in `config.yml`, for example `filesystem`
  /// @param probe looks at the store
  public static List<HealthCheck> of(
      HealthConfig config, String driverName, HealthCheck.Look probe) {
    List<HealthCheck> checks = new ArrayList<>();
    HealthConfig.StorageCheck storage = config.storageDriver();
    if (storage.enabled()) {
      checks.add(
          new HealthCheck(
              "storagedriver_" + driverName, storage.interval(), storage.threshold(), probe));
    }
    for (HealthConfig.FileCheck file : config.files()) {
      checks.add(
          new HealthCheck(
              file.file().toString(), file.interval(), file.threshold(), () -> absent(file)));
    }
    for (HealthConfig.TcpCheck tcp : config.tcps()) {
      checks.add(
          new HealthCheck(
              tcp.addr().toString(), tcp.interval(), tcp.threshold(), () -> connect(tcp)));
    }
    for (HealthConfig.HttpCheck http : config.https()) {
      HttpClient client = HttpClient.newBuilder().connectTimeout(patience(http.timeout())).build();
      checks.add(
          new HealthCheck(
              HealthConfig.HttpCheck.shown(http.uri()),
              http.interval(),
              http.threshold(),
              () -> ask(client, http)));
    }
    return List.copyOf(checks);
  }

  private static void absent(HealthConfig.FileCheck check) throws IOException {
    if (Files.exists(check.file())) {
      throw new IOException("file exists");
    }
  }

  private static void connect(HealthConfig.TcpCheck check) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(check.addr().host(), check.addr().port()),
          Math.toIntExact(patience(check.timeout()).toMillis()));
    } catch (IOException e) {
      throw new IOException("connection to " + check.addr() + " failed", e);
    }
  }

  private static void ask(HttpClient client, HealthConfig.HttpCheck check)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(check.uri()).timeout(patience(check.timeout())).HEAD();
    check.headers().forEach((name, values) -> values.forEach(value -> request.header(name, value)));
    int status;
    try {
      status = client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new IOException(
          "error while checking: " + HealthConfig.HttpCheck.shown(check.uri()), e);
    }
    if (status != check.statusCode()) {
      throw new IOException("downstream service returned unexpected status: " + status);
    }
  }

  private static Duration patience(Duration configured) {
    return configured.isZero() ? PATIENCE : configured;
  }
}
