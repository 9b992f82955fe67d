package dev.berth.server;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What a command may use of the process around it.
///
/// @param invokedAs the name by which the program was called: `berth` or `registry`
/// @param version of this program
/// @param environment all variables
/// @param onStop runs what it is given when the process is told to stop
/// @param password asks for one: the first line of standard input, or what is typed without showing
/// @param input standard input, for commands that take no password
/// @param logWriter where lines of the log are written, one after the other
/// @param clock the time of day
/// @param terminal whether `err` is one, where a line can be written over itself
record Console(
    String invokedAs,
    String version,
    Map<String, String> environment,
    PrintStream out,
    PrintStream err,
    Consumer<Runnable> onStop,
    Supplier<String> password,
    InputStream input,
    Executor logWriter,
    InstantSource clock,
    boolean terminal) {
  /// Done.
  static final int OK = 0;

  /// Bad configuration, or the server could not start.
  static final int FAILED = 1;

  /// The command line makes no sense.
  static final int USAGE = 2;

  /// Says one thing in one line and gives the exit status.
  int fail(int status, String message) {
    err.println("berth: " + oneLine(message));
    return status;
  }

  /// Says in one line what stops nothing.
  void warn(String message) {
    err.println("berth: warning: " + oneLine(message));
  }

  private static String oneLine(String message) {
    return message.replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }
}
