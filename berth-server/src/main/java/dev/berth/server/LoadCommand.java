package dev.berth.server;

import dev.berth.server.load.Credentials;
import dev.berth.server.load.LoadReport;
import dev.berth.server.load.LoadRun;
import dev.berth.server.load.ServerTrust;
import dev.berth.server.load.Target;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/// Puts a registry under a load of pushes and pulls and says what it showed. Exit status 0 where
/// nothing failed and nothing was lost, 1 where something did, 2 for a command line that cannot be
/// followed.
final class LoadCommand implements Command {
  /// Ends with time for the report, before an orchestrator kills.
  private static final int REPORT_SECONDS = 20;

  private final RandomGenerator random;

  LoadCommand(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public int run(Console console, List<String> words) {
    LoadArguments arguments;
    try {
      arguments = LoadArguments.parse(words);
    } catch (IllegalArgumentException e) {
      return console.fail(Console.USAGE, e.getMessage() + " (berth help shows the options)");
    }
    try {
      checkFiles(arguments);
      return run(console, arguments, target(console, arguments));
    } catch (IOException e) {
      return console.fail(Console.USAGE, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return console.fail(Console.FAILED, "interrupted");
    }
  }

  /// Before the load: an hour of it should not end in a report that nobody can write.
  private static void checkFiles(LoadArguments arguments) throws IOException {
    List<Path> files =
        Stream.of(arguments.json(), arguments.html()).flatMap(Optional::stream).toList();
    for (Path file : files) {
      try (OutputStream open =
          Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        open.flush();
      } catch (IOException e) {
        throw new IOException(
            "the report cannot be written to " + file + "; name another file: " + e, e);
      }
    }
  }

  private static Target target(Console console, LoadArguments arguments) throws IOException {
    if (arguments.insecure()) {
      console.warn(
          "--insecure: CERTIFICATES ARE NOT CHECKED; whoever answers at "
              + arguments.url()
              + " sees the password and is measured");
    }
    Credentials credentials =
        arguments.user().map(name -> new Credentials(name, console.password().get())).orElse(null);
    return new Target(arguments.url(), credentials, trust(arguments));
  }

  private static SSLContext trust(LoadArguments arguments) throws IOException {
    if (arguments.insecure()) {
      return ServerTrust.ofAnybody();
    }
    return arguments.ca().isPresent()
        ? ServerTrust.of(arguments.ca().get())
        : ServerTrust.ofSystem();
  }

  private int run(Console console, LoadArguments arguments, Target target)
      throws InterruptedException {
    var run =
        new LoadRun(
            target,
            arguments.plan(),
            console.clock(),
            random.nextLong(),
            console.err(),
            console.terminal());
    Optional<String> obstacle = run.findObstacle();
    if (obstacle.isPresent()) {
      return console.fail(Console.FAILED, obstacle.get());
    }
    var reported = new CountDownLatch(1);
    console.onStop().accept(() -> stop(run, reported));
    try {
      LoadReport report = run.run();
      console.out().print(report.toText());
      console.out().flush();
      write(arguments.json(), report.toJson());
      if (arguments.html().isPresent()) {
        Files.writeString(arguments.html().get(), report.toHtml());
      }
      return report.isClean() ? Console.OK : Console.FAILED;
    } catch (IOException e) {
      return console.fail(Console.FAILED, "the report cannot be written: " + e);
    } finally {
      reported.countDown();
    }
  }

  private static void write(Optional<Path> file, byte[] bytes) throws IOException {
    if (file.isPresent()) {
      Files.write(file.get(), bytes);
    }
  }

  private static void stop(LoadRun run, CountDownLatch reported) {
    run.stop();
    try {
      reported.await(REPORT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
