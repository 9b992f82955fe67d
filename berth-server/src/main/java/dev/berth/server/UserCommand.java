package dev.berth.server;

import dev.berth.server.auth.PasswordFileEditor;
import dev.berth.server.reload.UnusableFile;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/// Keeps a file of logins. The password is read from standard input, so that it stands in no list
/// of processes and no history of a shell.
final class UserCommand implements Command {
  private static final int WORDS = 3;
  private static final String ARGON2 = "--argon2";
  private final SecureRandom random;

  UserCommand(SecureRandom random) {
    this.random = random;
  }

  @Override
  public int run(Console console, List<String> all) {
    boolean argon2 = all.size() > WORDS && all.get(1).equals(ARGON2);
    List<String> arguments = new ArrayList<>(all);
    if (argon2) {
      arguments.remove(ARGON2);
    }
    if (arguments.size() != WORDS || (argon2 && !arguments.getFirst().equals("add"))) {
      return usage(console);
    }
    String file = arguments.get(1);
    String name = arguments.get(2);
    try {
      var editor = new PasswordFileEditor(Path.of(file), random);
      return switch (arguments.getFirst()) {
        case "add" -> {
          editor.put(name, console.password().get(), argon2);
          yield Console.OK;
        }
        case "remove" ->
            editor.remove(name)
                ? Console.OK
                : console.fail(Console.FAILED, file + ": there is no " + name);
        case "verify" ->
            editor.verify(name, console.password().get())
                ? Console.OK
                : console.fail(Console.FAILED, file + ": not the password of " + name);
        default -> usage(console);
      };
    } catch (UnusableFile | InvalidPathException e) {
      return console.fail(Console.FAILED, file + ": " + e.getMessage());
    } catch (IOException e) {
      return console.fail(Console.FAILED, "cannot use " + file + " for logins: " + e);
    }
  }

  private static int usage(Console console) {
    return console.fail(
        Console.USAGE,
        "user has three forms: berth user add [--argon2] FILE NAME, berth user remove FILE NAME,"
            + " berth user verify FILE NAME");
  }
}
