package dev.berth.server;

import dev.berth.config.load.ConfigException;
import dev.berth.config.load.ConfigLoader;
import dev.berth.config.load.LoadedConfig;
import dev.berth.config.load.Problem;
import dev.berth.server.ServerStarter.LiveConfig;
import dev.berth.server.ServerStarter.Running;
import dev.berth.server.log.ApplicationLog;
import dev.berth.server.log.Fact;
import dev.berth.server.reload.UnusableFile;
import dev.berth.server.store.UnusableStoreException;
import dev.berth.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.util.List;

/// Serves images until the process is told to stop.
final class ServeCommand implements Command {
  private final ServerStarter starter;

  ServeCommand(ServerStarter starter) {
    this.starter = starter;
  }

  @Override
  public int run(Console console, List<String> arguments) {
    LoadedConfig loaded;
    try {
      loaded = ConfigLoader.load(Sources.choose(console, arguments), console.environment());
    } catch (ConfigException e) {
      e.problems().forEach(problem -> console.fail(Console.FAILED, problem.toString()));
      e.unknown().forEach(problem -> console.warn(problem.toString()));
      e.warnings().forEach(problem -> console.warn(problem.toString()));
      return Console.FAILED;
    }
    ApplicationLog log =
        ApplicationLog.install(loaded.config().log(), console.err(), console.logWriter());
    System.Logger logger = System.getLogger(ServeCommand.class.getName());
    loaded.unknown().forEach(problem -> warn(logger, problem));
    loaded.warnings().forEach(problem -> warn(logger, problem));
    try (Running running = starter.start(loaded.config(), live(console, arguments))) {
      console.onStop().accept(() -> stop(running, log));
      logger.log(
          Level.INFO,
          "listening on " + running.address(),
          new Fact("version", console.version()),
          new Fact("storage", Banner.directory(loaded.config().storage().driver())));
      if (Sources.isBuiltIn(console, arguments)) {
        log.flush();
        console.err().print(Banner.of(loaded.config(), running.address(), console.version()));
      }
      running.awaitClose();
      log.flush();
      return Console.OK;
    } catch (IOException
        | UncheckedIOException
        | StorageException
        | UnusableFile
        | UnusableStoreException e) {
      return console.fail(Console.FAILED, reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return console.fail(Console.FAILED, "interrupted");
    }
  }

  private static LiveConfig live(Console console, List<String> arguments) {
    return new LiveConfig(
        () -> Sources.choose(console, arguments),
        source -> ConfigLoader.load(source, console.environment()).config());
  }

  private static void stop(Running running, ApplicationLog log) {
    running.close();
    log.sayAtTheEnd("stopped");
  }

  private static void warn(System.Logger logger, Problem problem) {
    logger.log(Level.WARNING, problem.toString());
  }

  private static String reason(Exception e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }
}
