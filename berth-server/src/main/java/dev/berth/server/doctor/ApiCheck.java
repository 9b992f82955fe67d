package dev.berth.server.doctor;

import dev.berth.server.outgoing.Challenge;
import java.io.IOException;
import java.net.ProtocolException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether a registry answers, and how it asks for a login.
final class ApiCheck implements Check {
  private static final Duration MOST_APART = Duration.ofSeconds(5);
  private static final String VERSION = "Docker-Distribution-Api-Version";

  private final Target target;
  private final WebClient client;
  private final InstantSource clock;
  private volatile boolean registry;
  private volatile @Nullable Challenge challenge;

  ApiCheck(Target target, WebClient client, InstantSource clock) {
    this.target = target;
    this.client = client;
    this.clock = clock;
  }

  boolean isRegistry() {
    return registry;
  }

  /// How it asks; empty where it lets everybody in.
  Optional<Challenge> challenge() {
    return Optional.ofNullable(challenge);
  }

  @Override
  public void look(Findings findings) throws IOException {
    WebAnswer answer;
    try {
      answer = client.send(WebRequest.of("GET", target.prefix() + "/v2/"));
    } catch (ProtocolException e) {
      wrongProtocol(e, findings);
      return;
    } catch (IOException e) {
      findings.fail(
          "port " + target.port() + " takes connections, but GET /v2/: " + Reason.of(e),
          "see the log of the registry and of the proxy before it, and whether the store hangs");
      return;
    }
    if (answer.isOk() || answer.asksForLogin()) {
      registry = true;
      version(answer, findings);
      challenge(answer, findings);
      date(answer, findings);
      top(findings);
      if (!target.isSecure() && !target.isLoopback()) {
        findings.note("plain HTTP: each client must be told so: " + plainHttp());
      }
    } else {
      other(answer, findings);
    }
  }

  private String plainHttp() {
    return Outside.plainHttp(target.authority());
  }

  private void wrongProtocol(ProtocolException e, Findings findings) {
    if (String.valueOf(e.getMessage()).contains("TLS")) {
      findings.fail("TLS is spoken on port " + target.port(), "give --url with https");
    } else {
      findings.fail(
          "port " + target.port() + " " + e.getMessage(), "give the port of the registry in --url");
    }
  }

  private void other(WebAnswer answer, Findings findings) {
    String what = "GET " + target.prefix() + "/v2/ answers " + answer.status();
    Optional<String> location = answer.field("Location");
    if (answer.isRedirect() && location.orElse("").startsWith("https:") && !target.isSecure()) {
      findings.fail(
          what + " and leads to https", "give --url with https; clients use https by themselves");
    } else if (answer.isRedirect()) {
      findings.fail(
          what + " and leads to " + location.orElse("nowhere"),
          "have the proxy pass /v2/ on to the registry, and not to a page or a login of its own");
    } else if (answer.isBadRequest() && answer.text().contains("HTTPS")) {
      findings.fail(what + ": TLS is spoken on port " + target.port(), "give --url with https");
    } else if (answer.isOfGateway()) {
      findings.fail(
          what + ": the proxy reaches no registry behind it",
          "see that its pods are ready, that the Service's selector and port fit, and whether the"
              + " backend speaks http or https (nginx.ingress.kubernetes.io/backend-protocol)");
    } else if (answer.isNotFound()) {
      findings.fail(
          what + ": nothing is there",
          "see which host and path the proxy passes to the registry, and http.prefix");
    } else {
      findings.fail(
          what + ", where a registry answers 200 or 401",
          "see the log of the registry and of the proxy before it");
    }
  }

  private static void version(WebAnswer answer, Findings findings) {
    if (answer.field(VERSION).orElse("").contains("registry/2.0")) {
      findings.ok("GET /v2/ answers " + answer.status() + " as a registry does");
    } else {
      findings.warn(
          "GET /v2/ answers " + answer.status() + " without " + VERSION + ": registry/2.0",
          "see whether it is a registry that answers, and whether the proxy takes header fields out");
    }
  }

  private void challenge(WebAnswer answer, Findings findings) {
    if (!answer.asksForLogin()) {
      findings.ok("no login is asked for");
      return;
    }
    Optional<Challenge> asked = Challenge.find(answer.all("WWW-Authenticate"));
    challenge = asked.orElse(null);
    if (asked.isEmpty()) {
      findings.fail(
          "a login is asked for, but WWW-Authenticate names neither Basic nor Bearer",
          "have the proxy leave the login to the registry (auth.htpasswd, auth.token)");
    } else if (asked.get().isBasic()) {
      findings.ok("asks for a name and a password (realm " + asked.get().realm() + ")");
    } else {
      findings.ok("asks for a token of " + asked.get().realm());
    }
  }

  private void date(WebAnswer answer, Findings findings) {
    try {
      Instant told =
          Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(answer.field("Date").orElse("")));
      Duration ahead = Duration.between(clock.instant(), told);
      if (ahead.abs().compareTo(MOST_APART) > 0) {
        findings.warn(
            "the server's Date is " + Inside.apart(ahead) + " this machine's clock",
            "run a time service on both: tokens and certificates are good for a time");
      } else {
        findings.ok("the server's Date is this machine's time");
      }
    } catch (DateTimeException e) {
      findings.skip("the server's time: its answer has no Date");
    }
  }

  private void top(Findings findings) throws IOException {
    WebAnswer answer = client.send(WebRequest.of("GET", target.prefix() + "/"));
    String what = "GET " + target.prefix() + "/ answers " + answer.status();
    if (answer.isOk()) {
      findings.ok(what);
    } else {
      findings.warn(
          what + ": load balancers that look there (GKE, AWS) hold the registry for dead",
          "have the proxy pass / on as well, or give the load balancer /v2/ or a probe");
    }
  }
}
