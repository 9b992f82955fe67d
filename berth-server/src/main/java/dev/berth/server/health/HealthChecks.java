package dev.berth.server.health;

import dev.berth.config.HealthConfig;
import dev.berth.server.outgoing.OutgoingRequests;
import dev.berth.server.outgoing.TrustedCertificates;
import java.io.IOException;
import java.lang.System.Logger.Level;
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

  private static final System.Logger LOG = System.getLogger(HealthChecks.class.getName());

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
              "storagedriver_" + driverName,
              storage.interval(),
              storage.threshold(),
              HealthCheck.LIMIT,
              probe));
    }
    for (HealthConfig.FileCheck file : config.files()) {
      checks.add(
          new HealthCheck(
              file.file().toString(),
              file.interval(),
              file.threshold(),
              HealthCheck.LIMIT,
              () -> absent(file)));
    }
    for (HealthConfig.TcpCheck tcp : config.tcps()) {
      checks.add(
          new HealthCheck(
              tcp.addr().toString(),
              tcp.interval(),
              tcp.threshold(),
              limit(tcp.timeout()),
              () -> connect(tcp)));
    }
    for (HealthConfig.HttpCheck http : config.https()) {
      HttpClient client = client(http);
      HttpRequest request = request(http);
      checks.add(
          new HealthCheck(
              HealthConfig.HttpCheck.shown(http.uri()),
              http.interval(),
              http.threshold(),
              limit(http.timeout()),
              () -> ask(client, request, http)));
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

  /// Follows redirects, as registry 2.8.2 does.
  private static HttpClient client(HealthConfig.HttpCheck check) {
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(patience(check.timeout()));
    if ("https".equalsIgnoreCase(check.uri().getScheme())) {
      client.sslContext(TrustedCertificates.ofSystem());
    }
    return client.build();
  }

  private static HttpRequest request(HealthConfig.HttpCheck check) {
    String address = HealthConfig.HttpCheck.shown(check.uri());
    return OutgoingRequests.to(
            check.uri(),
            check.headers(),
            name ->
                LOG.log(
                    Level.WARNING,
                    "health.http: a header of the check of "
                        + address
                        + " cannot be sent: "
                        + name))
        .timeout(patience(check.timeout()))
        .HEAD()
        .build();
  }

  private static void ask(HttpClient client, HttpRequest request, HealthConfig.HttpCheck check)
      throws IOException, InterruptedException {
    int status;
    try {
      status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new IOException(
          "error while checking: " + HealthConfig.HttpCheck.shown(check.uri()), e);
    }
    if (status != check.statusCode()) {
      throw new IOException("downstream service returned unexpected status: " + status);
    }
  }

  /// Later than the look itself gives up.
  private static Duration limit(Duration timeout) {
    return patience(timeout).plus(HealthCheck.LIMIT);
  }

  private static Duration patience(Duration configured) {
    return configured.isZero() ? PATIENCE : configured;
  }
}
