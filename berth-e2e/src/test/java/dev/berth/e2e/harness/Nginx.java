package dev.berth.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A real nginx before a registry.
public final class Nginx implements AutoCloseable {
  private static final List<String> REGISTRIES = List.of("10.0.0.11:5000", "10.0.0.12:5000");

  private final int port;
  private final boolean tls;
  private final Daemon daemon;

  private Nginx(Path folder, int port, boolean tls, String http) {
    this.port = port;
    this.tls = tls;
    try {
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
                %3$s
              }
              """
                  .formatted(folder, port, http));
      daemon =
          Daemon.start(
              folder.resolve("nginx" + port + ".log"),
              List.of(Tools.get("nginx").toString(), "-c", file.toString()),
              () -> LoopbackPorts.isTaken(port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts one that passes everything on to a registry on this machine.
  ///
  /// @param registry its port
  /// @param certificate what nginx shows; null for plain HTTP
  /// @param settings lines for its location
  public static Nginx before(
      int registry, Path folder, @Nullable TestCertificate certificate, String settings) {
    int port = LoopbackPorts.free();
    String shown =
        certificate == null
            ? ""
            : "ssl_certificate %s; ssl_certificate_key %s;"
                .formatted(certificate.certificate(), certificate.key());
    String server =
        "server { listen 127.0.0.1:%d%s; %s location / { proxy_pass http://127.0.0.1:%d; %s } }"
            .formatted(port, certificate == null ? "" : " ssl", shown, registry, settings);
    return new Nginx(folder, port, certificate != null, server);
  }

  /// Starts one with a file of `deploy/nginx`, of which only names, addresses and paths are
  /// replaced.
  ///
  /// @param certificate what nginx shows; null for plain HTTP, on all addresses of this machine
  /// @param registries addresses with their ports, two
  public static Nginx shipped(
      String file, Path folder, @Nullable TestCertificate certificate, List<String> registries) {
    try {
      int port = LoopbackPorts.free();
      String http = Files.readString(Registries.repository().resolve("deploy/nginx/" + file));
      for (int i = 0; i < registries.size(); i++) {
        http = replace(http, REGISTRIES.get(i), registries.get(i));
      }
      http = replace(http, "server_name registry.example.com;", "");
      if (certificate == null) {
        http = replace(http, "listen 443 ssl;", "listen " + port + ";");
        http = http.replaceAll("ssl_certificate.*;", "");
      } else {
        http = replace(http, "listen 443 ssl;", "listen 127.0.0.1:" + port + " ssl;");
        http = replace(http, "/etc/nginx/registry.crt", certificate.certificate().toString());
        http = replace(http, "/etc/nginx/registry.key", certificate.key().toString());
      }
      http = http.replace("/var/cache/nginx/", folder + "/");
      return new Nginx(folder, port, certificate != null, http);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String replace(String text, String old, String with) {
    if (!text.contains(old)) {
      throw new AssertionError("no " + old + " in it");
    }
    return text.replace(old, with);
  }

  public int port() {
    return port;
  }

  /// The URL for clients; its host is in [TestCertificate].
  public String url() {
    return (tls ? "https" : "http") + "://localhost:" + port;
  }

  @Override
  public void close() {
    daemon.close();
  }
}
