package dev.berth.e2e.harness;

import java.nio.file.Path;

/// A registry that answers on 127.0.0.1, whoever made it.
public interface RunningRegistry extends AutoCloseable {
  /// `127.0.0.1:<port>`, as clients write it before a repository name.
  String host();

  int port();

  /// The configured root directory of its store.
  Path root();

  /// The process that holds the socket.
  long pid();

  /// Ends it as an orchestrator does, with SIGTERM, and waits until the process is gone.
  void stop();

  /// Ends it with SIGKILL, in the middle of whatever it does, and waits until the process is gone.
  void kill();

  /// Everything it wrote to standard output and standard error so far.
  String log();

  /// `<host>/<repository>:<tag>`
  default String reference(String repository, String tag) {
    return host() + "/" + repository + ":" + tag;
  }

  default RegistryClient client() {
    return new RegistryClient(host());
  }

  @Override
  default void close() {
    stop();
  }
}
