package dev.berth.e2e.launch;

import dev.berth.e2e.harness.Daemon;
import dev.berth.e2e.harness.LoopbackPorts;
import dev.berth.e2e.harness.TestCertificate;
import dev.berth.e2e.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A real nginx before a registry.
final class Nginx implements AutoCloseable {
  private final int port;
  private final boolean tls;
  private final Daemon daemon;

  /// Starts it.
  ///
  /// @param registry port of the registry behind it
  /// @param certificate what it shows; null for plain HTTP
  /// @param settings lines for its location
  Nginx(Path folder, int registry, @Nullable TestCertificate certificate, String settings)
      throws IOException {
    port = LoopbackPorts.free();
    tls = certificate != null;
    String shown =
        certificate == null
            ? ""
            : "ssl_certificate %s; ssl_certificate_key %s;"
                .formatted(certificate.certificate(), certificate.key());
    Path file =
        Files.writeString(
            folder.resolve("nginx" + port + ".conf"),
            """
            daemon off;
            master_process off;
            pid %1$s/nginx%2$d.pid;
            error_log %1$s/nginx%2$d.error;
            events {}
            http {
              access_log off;
              client_body_temp_path %1$s/body%2$d;
              proxy_temp_path %1$s/proxy%2$d;
              fastcgi_temp_path %1$s/fastcgi%2$d;
              uwsgi_temp_path %1$s/uwsgi%2$d;
              scgi_temp_path %1$s/scgi%2$d;
              server {
                listen 127.0.0.1:%2$d%3$s;
                %4$s
                location / {
                  proxy_pass http://127.0.0.1:%5$d;
                  %6$s
                }
              }
            }
            """
                .formatted(folder, port, tls ? " ssl" : "", shown, registry, settings));
    daemon =
        Daemon.start(
            folder.resolve("nginx" + port + ".log"),
            List.of(Tools.get("nginx").toString(), "-c", file.toString()),
            () -> LoopbackPorts.isTaken(port));
  }

  /// The URL for clients; its host is in [TestCertificate].
  String url() {
    return (tls ? "https" : "http") + "://localhost:" + port;
  }

  @Override
  public void close() {
    daemon.close();
  }
}
