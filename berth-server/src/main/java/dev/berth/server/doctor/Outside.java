package dev.berth.server.doctor;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/// Looks at an installation as its clients see it, through whatever stands before it.
public final class Outside {
  private final Target target;
  private final InstantSource clock;

  public Outside(Target target, InstantSource clock) {
    this.target = target;
    this.clock = clock;
  }

  /// Looks at each thing that the one before leaves worth looking at.
  public void examine(Consumer<Finding> told) {
    var bounded = new Bounded(told);
    var network = new NetworkCheck(target);
    bounded.run("network", target.host(), network);
    if (!network.isReachable()) {
      bounded.run("api", "the API", f -> f.skip("all else outside: nothing can be connected to"));
      return;
    }
    Optional<SSLContext> trust = Optional.empty();
    if (target.isSecure()) {
      var handshake = new Handshake(target, clock);
      bounded.run("https", "TLS", handshake);
      trust = handshake.trust();
      if (trust.isEmpty()) {
        bounded.run(
            "api", "the API", f -> f.skip("all else outside: the server cannot be trusted"));
        return;
      }
    }
    api(new WebClient(target.url(), trust.orElse(null)), bounded);
  }

  private void api(WebClient client, Bounded bounded) {
    var api = new ApiCheck(target, client, clock);
    bounded.run("api", target.url() + " answers", api);
    if (!api.isRegistry()) {
      return;
    }
    var login = new LoginTrial(target, client, api.challenge());
    bounded.run("login", "the login", login);
    var session = new Session(target, client, login.authorization());
    bounded.run("pull", "a pull", new PullTrial(session));
    new PushTrial(session, target).run(bounded);
  }

  /// How clients are told that a registry speaks plain HTTP.
  static String plainHttp(String authority) {
    return "containerd [host.\"http://"
        + authority
        + "\"] in /etc/containerd/certs.d/"
        + authority
        + "/hosts.toml, Docker insecure-registries in daemon.json";
  }
}
