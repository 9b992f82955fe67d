package dev.berth.server;

import dev.berth.config.BerthConfig;
import dev.berth.config.ListenAddress;
import dev.berth.config.load.ConfigSource;
import java.io.IOException;
import java.util.function.Function;
import java.util.function.Supplier;

/// Puts the parts together and starts them.
@FunctionalInterface
interface ServerStarter {
  /// Starts a registry. When this returns, requests are answered.
  ///
  /// @throws IOException it cannot listen; the message is one line for the person at the terminal
  Running start(BerthConfig config, LiveConfig live) throws IOException;

  /// How to read the configuration again, for the parts of it that may change.
  ///
  /// @param file reads the text that there is now
  /// @param parse makes a configuration of it, as of the first one
  record LiveConfig(Supplier<ConfigSource> file, Function<ConfigSource, BerthConfig> parse) {}

  /// A registry that answers requests.
  interface Running extends AutoCloseable {
    /// Where it listens, with the real port.
    ListenAddress address();

    /// Stops taking requests, waits for those in flight as long as the configuration says, and
    /// frees everything. May be called again.
    @Override
    void close();

    /// Blocks until [#close] is done.
    void awaitClose() throws InterruptedException;
  }
}
