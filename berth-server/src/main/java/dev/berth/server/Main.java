package dev.berth.server;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
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
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("log").factory()));
    ServerStarter starter = new Wiring(new FileOutputStream(FileDescriptor.out));
    Command command =
        invokedAs.equals("registry") ? new RegistryCommand(starter) : new BerthCommand(starter);
    int status = command.run(console, List.of(args));
    System.out.flush();
    System.exit(status);
  }

  private static String version() {
    return Objects.requireNonNullElse(
        Main.class.getPackage().getImplementationVersion(), "unpackaged");
  }

  private static void beforeExit(Runnable action) {
    Runtime.getRuntime().addShutdownHook(new Thread(action, "stop"));
  }
}
