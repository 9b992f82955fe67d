package dev.berth.config.load;

import static dev.berth.config.load.ValueTypes.ANYTHING;
import static dev.berth.config.load.ValueTypes.BOOLEAN;
import static dev.berth.config.load.ValueTypes.PATH;
import static dev.berth.config.load.ValueTypes.TEXT;
import static dev.berth.config.load.ValueTypes.listOf;

import dev.berth.config.AuthConfig;
import dev.berth.config.HtpasswdAuth;
import dev.berth.config.NoAuth;
import dev.berth.config.TokenAuth;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keys under `auth` that work.
final class AuthKeys {
  private static final String HTPASSWD = "auth.htpasswd";
  private static final String TOKEN = "auth.token";
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
          "The file of names and hashes by bcrypt (`htpasswd -B`) or argon2id. Read again when it"
              + " changes.");
  private static final Key<String> TOKEN_REALM =
      Key.optional(TOKEN + ".realm", TEXT, "The URL where clients get a token.");
  private static final Key<String> SERVICE =
      Key.optional(
          TOKEN + ".service", TEXT, "The name of this registry there; tokens must be for it.");
  private static final Key<String> ISSUER =
      Key.optional(TOKEN + ".issuer", TEXT, "Who gives the tokens, as they say it.");
  private static final Key<Path> ROOT_CERT_BUNDLE =
      Key.optional(
          TOKEN + ".rootcertbundle",
          PATH,
          "PEM file of certificates whose keys, or those they vouch for, sign tokens. Read again when"
              + " it changes.");
  private static final Key<Path> JWKS =
      Key.optional(
          TOKEN + ".jwks",
          PATH,
          "JSON Web Key Set whose keys sign tokens. Read again when it changes. It, the bundle or both"
              + " must be given.");
  private static final Key<List<String>> ALGORITHMS =
      Key.of(
          TOKEN + ".signingalgorithms",
          listOf(TEXT),
          TokenAuth.ALGORITHMS,
          "Algorithms of signatures that are taken. `HS…` are left out.");
  private static final Key<Boolean> AUTO_REDIRECT =
      Key.of(
          TOKEN + ".autoredirect",
          BOOLEAN,
          false,
          "Sends clients for a token to the host that they asked, in place of the realm.");
  private static final Key<String> AUTO_REDIRECT_PATH =
      Key.of(TOKEN + ".autoredirectpath", TEXT, "/auth/token", "The path there.");

  static final List<SchemaEntry> ALL =
      List.of(
          new Section(
              "auth",
              "Who may do what: `htpasswd`, `token`, or `none`. Without it everybody may do"
                  + " everything; any other kind stops the start.",
              Support.SUPPORTED),
          NONE,
          REALM,
          PATH_OF_FILE,
          TOKEN_REALM,
          SERVICE,
          ISSUER,
          ROOT_CERT_BUNDLE,
          JWKS,
          ALGORITHMS,
          AUTO_REDIRECT,
          AUTO_REDIRECT_PATH);

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
    if (settings.node(HTPASSWD) != null) {
      return htpasswd(settings);
    }
    return settings.node(TOKEN) == null ? new NoAuth() : token(settings);
  }

  private static AuthConfig htpasswd(Settings settings) {
    String need = "a login by htpasswd needs its realm and its path";
    String realm = given(settings, HTPASSWD, REALM, need);
    Path path = given(settings, HTPASSWD, PATH_OF_FILE, need);
    return realm == null || path == null
        ? new NoAuth()
        : settings.build(HTPASSWD, new NoAuth(), () -> new HtpasswdAuth(realm, path));
  }

  private static AuthConfig token(Settings settings) {
    String need = "a login by token needs its realm, service and issuer";
    String realm = given(settings, TOKEN, TOKEN_REALM, need);
    String service = given(settings, TOKEN, SERVICE, need);
    String issuer = given(settings, TOKEN, ISSUER, need);
    if (realm == null || service == null || issuer == null) {
      return new NoAuth();
    }
    String path = settings.get(AUTO_REDIRECT) ? settings.get(AUTO_REDIRECT_PATH) : null;
    return settings.build(
        TOKEN,
        new NoAuth(),
        () ->
            new TokenAuth(
                realm,
                service,
                issuer,
                settings.find(ROOT_CERT_BUNDLE),
                settings.find(JWKS),
                algorithms(settings),
                path));
  }

  /// A registry that knows the key of a signature by `HS…` could make tokens itself; distribution 3
  /// takes the names and no such token.
  private static List<String> algorithms(Settings settings) {
    List<String> left = new ArrayList<>(settings.get(ALGORITHMS));
    if (left.removeIf(name -> name.startsWith("HS"))) {
      settings
          .report()
          .warning(
              settings.origin(ALGORITHMS.path()),
              ALGORITHMS.path(),
              "HS256, HS384 and HS512 are left out: no token is checked with a shared key");
    }
    return left;
  }

  private static <T> @Nullable T given(Settings settings, String section, Key<T> key, String need) {
    T value = settings.find(key);
    Node node = settings.node(key.path());
    if (value == null && (node == null || node.isEmpty())) {
      settings.report().problem(settings.origin(section), key.path(), "missing; " + need);
    }
    return value;
  }
}
