package dev.berth.server.redis;

import dev.berth.config.ListenAddress;
import dev.berth.config.RedisConfig;
import dev.berth.config.RedisConfig.Login;
import dev.berth.config.RedisConfig.Sentinel;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The servers of a configuration, and how a connection to them is made: to one of them, to the
/// master that sentinels name, or to a cluster.
final class RedisServers implements AutoCloseable {
  /// Commands that wait for an answer, or for a connection.
  private static final int MOST_WAITING = 1024;

  /// The least that the library takes.
  private static final int THREADS = 2;

  private static final Duration RECONNECT_EVERY = Duration.ofSeconds(1);
  private static final Duration LOOK_AT_CLUSTER_EVERY = Duration.ofMinutes(1);

  private final ClientResources resources;
  private final AbstractRedisClient client;
  private final Supplier<CompletionStage<Connected>> connector;
  private final RedisConfig config;

  /// A connection, and what can be asked on it.
  record Connected(
      StatefulConnection<byte[], byte[]> connection,
      RedisClusterAsyncCommands<byte[], byte[]> commands) {}

  /// @throws IOException a file of `tls` cannot be read; the message says which
  RedisServers(RedisConfig config) throws IOException {
    this.config = config;
    SslOptions tls = config.tls() == null ? null : RedisTls.options(config.tls());
    resources =
        ClientResources.builder()
            .ioThreadPoolSize(THREADS)
            .computationThreadPoolSize(THREADS)
            .reconnectDelay(Delay.constant(RECONNECT_EVERY))
            .build();
    if (config.isCluster()) {
      RedisClusterClient cluster =
          RedisClusterClient.create(resources, config.addresses().stream().map(this::uri).toList());
      cluster.setOptions(clusterOptions(tls));
      client = cluster;
      connector =
          () ->
              cluster
                  .refreshPartitionsAsync()
                  .thenCompose(_ -> cluster.connectAsync(ByteArrayCodec.INSTANCE))
                  .thenApply(made -> new Connected(made, made.async()));
    } else {
      RedisURI uri = singleUri();
      RedisClient single = RedisClient.create(resources, uri);
      single.setOptions(with(tls, ClientOptions.builder()).build());
      client = single;
      connector =
          () ->
              single
                  .connectAsync(ByteArrayCodec.INSTANCE, uri)
                  .thenApply(made -> new Connected(made, made.async()));
    }
  }

  /// What may be shown of where they are.
  String where() {
    return String.join(",", config.addresses().stream().map(ListenAddress::toString).toList());
  }

  /// Makes a connection; waits for nothing.
  CompletionStage<Connected> connect() {
    return connector.get();
  }

  private RedisURI uri(ListenAddress address) {
    RedisURI.Builder uri = RedisURI.builder().withHost(host(address)).withPort(address.port());
    if (config.sentinel() == null) {
      login(uri, config.login());
    }
    return finish(uri);
  }

  /// With sentinels, the one that stands for all of them.
  private RedisURI singleUri() {
    Sentinel sentinel = config.sentinel();
    if (sentinel == null) {
      return uri(config.addresses().getFirst());
    }
    RedisURI.Builder uri = RedisURI.builder().withSentinelMasterId(sentinel.master());
    for (ListenAddress address : config.addresses()) {
      RedisURI.Builder one = RedisURI.builder().withHost(host(address)).withPort(address.port());
      login(one, sentinel.login());
      uri.withSentinel(finish(one));
    }
    login(uri, config.login());
    return finish(uri);
  }

  private RedisURI finish(RedisURI.Builder uri) {
    uri.withTimeout(config.dialTimeout()).withDatabase(config.database());
    if (config.tls() != null) {
      uri.withSsl(true).withVerifyPeer(SslVerifyMode.FULL);
    }
    if (!config.clientName().isEmpty()) {
      uri.withClientName(config.clientName());
    }
    return uri.build();
  }

  private static String host(ListenAddress address) {
    return address.host().isEmpty() ? "localhost" : address.host();
  }

  private static void login(RedisURI.Builder uri, Login login) {
    if (login.password() == null) {
      return;
    }
    char[] password = login.password().value().toCharArray();
    if (login.username().isEmpty()) {
      uri.withPassword(password);
    } else {
      uri.withAuthentication(login.username(), password);
    }
  }

  private ClusterClientOptions clusterOptions(@Nullable SslOptions tls) {
    var topology =
        ClusterTopologyRefreshOptions.builder()
            .enablePeriodicRefresh(LOOK_AT_CLUSTER_EVERY)
            .build();
    var options = ClusterClientOptions.builder();
    with(tls, options);
    return options.topologyRefreshOptions(topology).build();
  }

  private ClientOptions.Builder with(@Nullable SslOptions tls, ClientOptions.Builder options) {
    options
        .autoReconnect(true)
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        .requestQueueSize(MOST_WAITING)
        .socketOptions(SocketOptions.builder().connectTimeout(config.dialTimeout()).build());
    return tls == null ? options : options.sslOptions(tls);
  }

  @Override
  public void close() {
    Object _ = client.shutdownAsync(0, 1, TimeUnit.SECONDS);
    Object _ = resources.shutdown(0, 1, TimeUnit.SECONDS);
  }
}
