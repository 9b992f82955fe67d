package dev.berth.server.redis;

import dev.berth.config.RedisConfig;
import dev.berth.server.outgoing.TrustedCertificates;
import io.lettuce.core.SslOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;

/// The files by which Redis and we know each other. They are read once, at the start.
final class RedisTls {
  private RedisTls() {}

  /// @throws IOException a file cannot be read; the message says which
  static SslOptions options(RedisConfig.Tls tls) throws IOException {
    SslOptions.Builder options = SslOptions.builder().jdkSslProvider();
    if (!tls.roots().isEmpty()) {
      options.trustManager(trusted(tls.roots()));
    }
    if (tls.certificate() != null && tls.key() != null) {
      readable("redis.tls.certificate", tls.certificate());
      readable("redis.tls.key", tls.key());
      options.keyManager(tls.certificate().toFile(), tls.key().toFile(), new char[0]);
    }
    return options.build();
  }

  private static TrustManagerFactory trusted(List<Path> roots) throws IOException {
    try {
      return TrustedCertificates.of(roots);
    } catch (IOException e) {
      throw new IOException("redis.tls.rootcas: " + e.getMessage(), e);
    }
  }

  private static void readable(String key, Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException(key + ": " + file + " cannot be read");
    }
  }
}
