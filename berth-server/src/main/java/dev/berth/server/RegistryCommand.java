package dev.berth.server;

import java.util.List;

/// The command line of registry 2.8.2, for images and scripts that call `/bin/registry`. Words and
/// exit statuses are those of 2.8.2, which others read.
final class RegistryCommand implements Command {
  private static final String USAGE =
      """
      `registry`

      Usage:
        registry [flags]
        registry [command]

      Available Commands:
        garbage-collect `garbage-collect` deletes layers not referenced by any manifests
        help            Help about any command
        serve           `serve` stores and distributes Docker images

      Flags:
        -h, --help      help for registry
        -v, --version   show the version and exit

      Use "registry [command] --help" for more information about a command.
      """;
  private static final String SERVE_USAGE =
      """
      Usage:
        registry serve <config> [flags]

      Flags:
        -h, --help   help for serve
      """;

  private final ServerStarter starter;

  RegistryCommand(ServerStarter starter) {
    this.starter = starter;
  }

  @Override
  public int run(Console console, List<String> arguments) {
    String first = arguments.isEmpty() ? "help" : arguments.getFirst();
    return switch (first) {
      case "serve" -> serve(console, arguments.subList(1, arguments.size()));
      case "garbage-collect" ->
          console.fail(
              Console.FAILED,
              "garbage-collect is not there yet; nothing was changed. registry 2.8.2's own works on this"
                  + " store while Berth is stopped");
      case "-v", "--version" -> {
        console
            .out()
            .println(
                console.invokedAs()
                    + " github.com/docker/distribution v2.8.2+berth-"
                    + console.version());
        yield Console.OK;
      }
      case "help", "-h", "--help" -> {
        console.out().print(USAGE);
        yield Console.OK;
      }
      default -> {
        console.err().println("Error: unknown command \"" + first + "\" for \"registry\"");
        console.err().println("Run 'registry --help' for usage.");
        yield Console.FAILED;
      }
    };
  }

  private int serve(Console console, List<String> arguments) {
    if (arguments.contains("-h") || arguments.contains("--help")) {
      console.out().print(SERVE_USAGE);
      return Console.OK;
    }
    if (arguments.isEmpty() && Sources.fromVariable(console).isEmpty()) {
      console.err().println("configuration error: configuration path unspecified");
      console.err().print(SERVE_USAGE);
      return Console.FAILED;
    }
    return new ServeCommand(starter).run(console, arguments);
  }
}
