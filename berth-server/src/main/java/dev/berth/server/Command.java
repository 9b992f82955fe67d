package dev.berth.server;

import java.util.List;

/// One thing that the program does.
@FunctionalInterface
interface Command {
  /// Runs to the end and gives the exit status.
  ///
  /// @param arguments what follows the command's name
  int run(Console console, List<String> arguments);
}
