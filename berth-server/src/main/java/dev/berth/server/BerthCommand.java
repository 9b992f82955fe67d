package dev.berth.server;

import java.security.SecureRandom;
import java.util.List;
import java.util.function.Supplier;

/// The command line of `berth`. Read by hand: it has a few forms, and a library for it would take
/// longer to load than the registry may take to start.
final class BerthCommand implements Command {
  private static final String USAGE =
      """
      Berth, a container image registry.

      Usage:
        berth serve [CONFIG]         serve images; without CONFIG from ./registry-data on
                                     127.0.0.1:5000, open to this machine, delete enabled
        berth config check [CONFIG]  show every setting and where it comes from; exit 1 on faults
        berth user add [--argon2] FILE NAME
                                     give NAME a password in a file of logins (auth.htpasswd.path);
                                     it is read from standard input. remove takes NAME out,
                                     verify says whether the password is right. The hash is
                                     bcrypt, or argon2id, which registry 2.8.2 cannot read
        berth policy test FILE USER ACTION REPOSITORY [--group GROUP]... [--tag TAG]
                                     say whether USER (anyone: without a login) may pull, push,
                                     delete or admin by berth.policy in FILE, and by which line;
                                     exit 1 where not
        berth load [OPTION]... URL   push and pull images for a while and say what it showed:
                                     --users 10 --duration 1m --repository load --size 1MiB
                                     --layers 3 --pulls 4 --user NAME --ca FILE --insecure
                                     --retry-for 0s --think 0s --keep --json FILE --html FILE;
                                     exit 1 where something failed or was lost
        berth doctor [CONFIG] [--url URL [--user NAME] [--ca FILE] [--largest SIZE]]
                     [--cluster FILE|-] [--json]
                                     say what is wrong with an installation, and what to do: by
                                     its configuration where it runs, by its URL from outside
                                     (the password of NAME is read from standard input; a body
                                     of SIZE, 64MiB, is pushed and taken back), by what kubectl
                                     get -A -o json says; exit 1 where something does not work
        berth --version              show the version
        berth help                   show this

      CONFIG is a config.yml of registry 2.8.2 or of Berth. Without it the variable
      REGISTRY_CONFIGURATION_PATH names the file. REGISTRY_... variables go before the file.

      Exit status: 0 done, 1 bad configuration or failed start, 2 bad command line,
      143 stopped by SIGTERM.
      """;

  private final ServerStarter starter;
  private final Supplier<SecureRandom> random;

  BerthCommand(ServerStarter starter, Supplier<SecureRandom> random) {
    this.starter = starter;
    this.random = random;
  }

  @Override
  public int run(Console console, List<String> arguments) {
    if (arguments.isEmpty()) {
      console.err().print(USAGE);
      return Console.USAGE;
    }
    List<String> rest = arguments.subList(1, arguments.size());
    return switch (arguments.getFirst()) {
      case "serve" -> asksForHelp(rest) ? help(console) : serve(console, rest);
      case "config" -> asksForHelp(rest) ? help(console) : config(console, rest);
      case "user" ->
          asksForHelp(rest) ? help(console) : new UserCommand(random.get()).run(console, rest);
      case "load" ->
          asksForHelp(rest) ? help(console) : new LoadCommand(random.get()).run(console, rest);
      case "policy" -> asksForHelp(rest) ? help(console) : new PolicyCommand().run(console, rest);
      case "doctor" -> asksForHelp(rest) ? help(console) : new DoctorCommand().run(console, rest);
      case "-v", "--version", "version" -> version(console);
      case "-h", "--help", "help" -> help(console);
      default ->
          console.fail(
              Console.USAGE, "no command \"" + arguments.getFirst() + "\"; berth help lists them");
    };
  }

  private static boolean asksForHelp(List<String> arguments) {
    return arguments.contains("--help") || arguments.contains("-h");
  }

  private int serve(Console console, List<String> arguments) {
    return arguments.size() > 1 || arguments.stream().anyMatch(a -> a.startsWith("-"))
        ? console.fail(Console.USAGE, "serve takes one file and no options: berth serve [CONFIG]")
        : new ServeCommand(starter).run(console, arguments);
  }

  private static int config(Console console, List<String> arguments) {
    return arguments.isEmpty() || !arguments.getFirst().equals("check") || arguments.size() > 2
        ? console.fail(Console.USAGE, "config has one form: berth config check [CONFIG]")
        : new ConfigCheckCommand().run(console, arguments.subList(1, arguments.size()));
  }

  private static int version(Console console) {
    console.out().println("berth " + console.version());
    return Console.OK;
  }

  private static int help(Console console) {
    console.out().print(USAGE);
    return Console.OK;
  }
}
