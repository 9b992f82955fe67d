package dev.berth.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A Redis that all replicas share, as a cache only.
///
/// @param addresses the server; with `sentinel`, the sentinels; else, where they are several, some
///   nodes of a cluster
/// @param login at the servers that hold data
/// @param database number of the database; 0 in a cluster
/// @param sentinel where sentinels say which server is the master
/// @param tls where connections are encrypted
/// @param clientName what Redis lists the connections as; may be empty
/// @param dialTimeout most that making a connection may take
/// @param readTimeout most that a request of a client waits for Redis
public record RedisConfig(
    List<ListenAddress> addresses,
    Login login,
    int database,
    @Nullable Sentinel sentinel,
    @Nullable Tls tls,
    String clientName,
    Duration dialTimeout,
    Duration readTimeout) {
  public static final Duration DEFAULT_DIAL_TIMEOUT = Duration.ofSeconds(1);

  /// About what a read takes from a store of another machine that is not well.
  public static final Duration DEFAULT_READ_TIMEOUT = Duration.ofMillis(100);

  private static final int MAX_DATABASE = 65_535;

  public RedisConfig {
    addresses = List.copyOf(addresses);
    Bounds.between("db", database, 0, MAX_DATABASE);
    Bounds.positive("dialtimeout", dialTimeout);
    Bounds.positive("readtimeout", readTimeout);
    if (isCluster(addresses, sentinel) && database != 0) {
      throw new InvalidSetting("db", "a cluster has no databases; take it out, or give one addr");
    }
  }

  /// What we log in with.
  ///
  /// @param username of an ACL user; empty for the default user
  /// @param password null where none is asked for
  public record Login(String username, @Nullable Secret password) {
    public static final Login NONE = new Login("", null);
  }

  /// Servers that know which other is the master.
  ///
  /// @param master the name that sentinels know the master by
  /// @param login at the sentinels
  public record Sentinel(String master, Login login) {}

  /// How connections are encrypted. Names are compared with those in certificates.
  ///
  /// @param roots PEM files of authorities that are trusted; where there are none, those of the JDK
  /// @param certificate what we show of ourselves; null for nothing
  /// @param key of the certificate
  public record Tls(List<Path> roots, @Nullable Path certificate, @Nullable Path key) {
    public Tls {
      roots = List.copyOf(roots);
    }
  }

  /// Whether the addresses are nodes of a cluster.
  public boolean isCluster() {
    return isCluster(addresses, sentinel);
  }

  private static boolean isCluster(List<ListenAddress> addresses, @Nullable Sentinel sentinel) {
    return sentinel == null && addresses.size() > 1;
  }
}
