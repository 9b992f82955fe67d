package dev.berth.server.doctor;

import dev.berth.config.AuthConfig;
import dev.berth.config.BerthConfig;
import dev.berth.config.DriverConfig;
import dev.berth.config.FilesystemStorage;
import dev.berth.config.HtpasswdAuth;
import dev.berth.config.MemoryStorage;
import dev.berth.config.NoAuth;
import dev.berth.config.TokenAuth;
import dev.berth.config.load.LoadedConfig;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Looks at an installation from where the registry runs, with its configuration.
public final class Inside {
  /// The clock of another machine's file system may be so far from ours.
  private static final Duration MOST_AHEAD = Duration.ofSeconds(2);

  private final InstantSource clock;
  private final Map<String, String> environment;
  private final Optional<URI> url;

  /// @param environment all variables
  /// @param url by which clients come, where it is known
  public Inside(InstantSource clock, Map<String, String> environment, Optional<URI> url) {
    this.clock = clock;
    this.environment = Map.copyOf(environment);
    this.url = url;
  }

  /// Looks at everything that the configuration speaks of.
  ///
  /// @param load reads the configuration
  public void examine(Supplier<LoadedConfig> load, Consumer<Finding> told) {
    var bounded = new Bounded(told);
    var configuration = new ConfigurationCheck(load, environment);
    bounded.run("configuration", "the configuration", configuration);
    Optional<BerthConfig> loaded = configuration.config();
    if (loaded.isEmpty()) {
      bounded.run(
          "storage",
          "the storage",
          findings -> findings.skip("all else inside: there is no configuration that can be used"));
    } else {
      examine(loaded.get(), bounded);
    }
    bounded.run("limits", "limits of this process", new LimitsCheck());
  }

  private void examine(BerthConfig config, Bounded bounded) {
    storage(config, bounded);
    if (config.redis() != null) {
      bounded.run("redis", "Redis", new RedisCheck(config.redis()));
    }
    if (config.http().tls() != null) {
      bounded.run(
          "tls", "files of http.tls", new TlsFilesCheck(config.http().tls(), names(config), clock));
    }
    bounded.run("logins", "logins", findings -> logins(config, findings));
  }

  private void storage(BerthConfig config, Bounded bounded) {
    DriverConfig driver = config.storage().driver();
    switch (driver) {
      case MemoryStorage _ ->
          bounded.run(
              "storage",
              "the storage",
              findings ->
                  findings.warn(
                      "images are kept in memory: they are gone when the process ends",
                      "give storage.filesystem.rootdirectory, unless this is a trial"));
      case FilesystemStorage(var root) -> {
        boolean readOnly = config.storage().readOnly();
        bounded.run("storage", "folder " + root, new FolderCheck(root));
        bounded.run(
            "storage",
            "mount of " + root,
            new MountCheck(root, readOnly, environment.containsKey("KUBERNETES_SERVICE_HOST")));
        var trial = new StorageTrial(root, readOnly, clock);
        bounded.run("storage", "a trial in " + root, trial);
        bounded.run("storage", "room at " + root, new RoomCheck(root));
        bounded.run("clock", "times of files", findings -> times(trial, findings));
      }
    }
  }

  private static void times(StorageTrial trial, Findings findings) {
    Optional<Duration> ahead = trial.ahead();
    if (ahead.isEmpty()) {
      findings.skip("no file could be written whose time could be compared");
    } else if (ahead.get().abs().compareTo(MOST_AHEAD) > 0) {
      findings.warn(
          "a file just written is "
              + apart(ahead.get())
              + " this process's clock: uploads may be purged too soon, or never",
          "run a time service (chrony, systemd-timesyncd) on this node and on the file server");
    } else {
      findings.ok("files written on the store have this process's time");
    }
  }

  static String apart(Duration ahead) {
    return ahead.abs().toSeconds() + " s " + (ahead.isNegative() ? "behind" : "ahead of");
  }

  /// Names that the certificate should have.
  private List<String> names(BerthConfig config) {
    List<String> names = new ArrayList<>();
    for (Optional<URI> each : List.of(url, Optional.ofNullable(config.http().host()))) {
      each.filter(uri -> "https".equals(uri.getScheme())).map(URI::getHost).ifPresent(names::add);
    }
    return names.stream().distinct().toList();
  }

  private void logins(BerthConfig config, Findings findings) {
    AuthConfig auth = config.auth();
    boolean passwords = config.berth().ldap() != null;
    switch (auth) {
      case NoAuth _ -> {
        if (!passwords) {
          findings.note("anybody may pull and push: no login is configured");
        }
      }
      case HtpasswdAuth(_, var file) -> {
        LoginsCheck.look(file, findings);
        passwords = true;
      }
      case TokenAuth token ->
          findings.ok("logins by tokens of " + token.realm() + " for service " + token.service());
    }
    if (passwords && config.http().tls() == null && !isSaidHttps(config)) {
      findings.note(
          "passwords come over plain HTTP, unless a proxy in front does TLS: this listener has none");
    }
  }

  private boolean isSaidHttps(BerthConfig config) {
    URI host = config.http().host();
    return url.map(URI::getScheme).filter("https"::equals).isPresent()
        || (host != null && "https".equals(host.getScheme()));
  }
}
