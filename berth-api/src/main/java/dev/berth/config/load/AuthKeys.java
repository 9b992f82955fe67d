package dev.berth.config.load;

import static dev.berth.config.load.ValueTypes.ANYTHING;
import static dev.berth.config.load.ValueTypes.PATH;
import static dev.berth.config.load.ValueTypes.TEXT;

import dev.berth.config.AuthConfig;
import dev.berth.config.HtpasswdAuth;
import dev.berth.config.NoAuth;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keys under `auth` that work.
final class AuthKeys {
  private static final String HTPASSWD = "auth.htpasswd";
  private static final Key<Node> NONE =
      new Key<>(
          "auth.none",
          ANYTHING,
          null,
          "Everybody may do everything.",
          new Support.NoEffect("this is so without it"));
  private static final Key<String> REALM =
      Key.optional(HTPASSWD + ".realm", TEXT, "What clients are told they log in to.");
  private static final Key<Path> PATH_OF_FILE =
      Key.optional(
          HTPASSWD + ".path",
          PATH,
          "The file of names and bcrypt hashes (`htpasswd -B`). Read again when it changes.");

  static final List<SchemaEntry> ALL =
      List.of(
          new Section(
              "auth",
              "Who may do what: `htpasswd`, or `none`. Without it everybody may do everything; any"
                  + " other kind stops the start.",
              Support.SUPPORTED),
          NONE,
          REALM,
          PATH_OF_FILE);

  private AuthKeys() {}

  static AuthConfig read(Settings settings) {
    if (settings.node("auth") instanceof Node.Mapping auth && auth.entries().size() > 1) {
      String names = String.join(" and ", auth.entries().keySet());
      settings
          .report()
          .problem(
              settings.origin("auth"),
              "auth",
              "more than one kind of login: " + names + "; keep one");
    }
    Node section = settings.node(HTPASSWD);
    if (section == null) {
      return new NoAuth();
    }
    String realm = given(settings, REALM);
    Path path = given(settings, PATH_OF_FILE);
    return realm == null || path == null
        ? new NoAuth()
        : settings.build(HTPASSWD, new NoAuth(), () -> new HtpasswdAuth(realm, path));
  }

  private static <T> @Nullable T given(Settings settings, Key<T> key) {
    T value = settings.find(key);
    Node node = settings.node(key.path());
    if (value == null && (node == null || node.isEmpty())) {
      settings
          .report()
          .problem(
              settings.origin(HTPASSWD),
              key.path(),
              "missing; a login by htpasswd needs its realm and its path");
    }
    return value;
  }
}
