package dev.berth.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;

/// Where the process begins. The only class that reads the environment, and that ends the process.
public final class Main {
  private Main() {}

  /// Runs one command and ends the process with its exit status.
  public static void main(String[] args) {
    String invokedAs = System.getProperty("berth.invoked.as", "berth");
    Console console =
        new Console(
            invokedAs,
            version(),
            System.getenv(),
            System.out,
            System.err,
            Main::beforeExit,
            Main::password,
            System.in,
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("log").factory()),
            InstantSource.system(),
            isTerminal());
    ServerStarter starter = new Wiring(new FileOutputStream(FileDescriptor.out), System.getenv());
    Command command =
        invokedAs.equals("registry")
            ? new RegistryCommand(starter)
            : new BerthCommand(starter, SecureRandom::new);
    int status = command.run(console, List.of(args));
    System.out.flush();
    System.exit(status);
  }

  static String version() {
    return Objects.requireNonNullElse(
        Main.class.getPackage().getImplementationVersion(), "unpackaged");
  }

  // JDK 25 gives null where no terminal is there, as those before 22 did.
  @SuppressWarnings("SystemConsoleNull")
  private static String password() {
    java.io.Console terminal = System.console();
    if (terminal != null && terminal.isTerminal()) {
      char[] typed = terminal.readPassword("Password: ");
      return typed == null ? "" : new String(typed);
    }
    try (var lines = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      return Objects.requireNonNullElse(lines.readLine(), "");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read standard input", e);
    }
  }

  /// Whether standard error is one. Said by the kernel, since the JDK only knows of the two others;
  /// no, where that is not Linux.
  private static boolean isTerminal() {
    try {
      String file = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty");
    } catch (IOException elsewhere) {
      return false;
    }
  }

  private static void beforeExit(Runnable action) {
    Runtime.getRuntime().addShutdownHook(new Thread(action, "stop"));
  }
}
