package dev.berth.server.doctor;

import dev.berth.server.outgoing.Challenge;
import dev.berth.server.outgoing.TrustedCertificates;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Logs in as the registry asks for it. A password goes to the registry and to the realm that it
/// names, and never from https to plain HTTP.
final class LoginTrial implements Check {
  private static final String SCOPE = "repository:" + PushTrial.REPOSITORY + ":pull,push";

  private final Target target;
  private final WebClient client;
  private final Optional<Challenge> challenge;
  private volatile @Nullable String authorization;

  LoginTrial(Target target, WebClient client, Optional<Challenge> challenge) {
    this.target = target;
    this.client = client;
    this.challenge = challenge;
  }

  /// What to send with each request; empty where nothing is needed, or nothing helps.
  Optional<String> authorization() {
    return Optional.ofNullable(authorization);
  }

  @Override
  public void look(Findings findings) throws IOException, GeneralSecurityException {
    if (challenge.isEmpty()) {
      if (target.user() != null) {
        findings.skip("the login of " + target.user() + ": none is asked for");
      }
    } else if (challenge.get().isBearer()) {
      bearer(challenge.get(), findings);
    } else if (target.user() == null) {
      findings.skip("a login is asked for: give --user NAME and the password on standard input");
    } else {
      judge(basic(target.user()), findings);
    }
  }

  private String basic(String user) {
    byte[] pair = (user + ":" + target.password().get()).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  private void judge(String value, Findings findings) throws IOException {
    WebAnswer answer =
        client.send(WebRequest.of("GET", target.prefix() + "/v2/").with("Authorization", value));
    if (answer.isOk()) {
      authorization = value;
      findings.ok("the login of " + name() + " is taken");
    } else {
      findings.fail(
          "the login of " + name() + " is refused with " + answer.status(),
          "see the password (berth user verify FILE NAME), and whether the proxy passes"
              + " Authorization on; for tokens see auth.token (service, issuer, keys)");
    }
  }

  private String name() {
    return target.user() == null ? "nobody" : target.user();
  }

  private void bearer(Challenge asked, Findings findings)
      throws IOException, GeneralSecurityException {
    Optional<URI> realm = realm(asked.realm());
    if (realm.isEmpty()) {
      findings.fail(
          "the realm \"" + asked.realm() + "\" is no URL", "give one in auth.token.realm");
      return;
    }
    if (asked.losesTls(target.isSecure())) {
      findings.fail(
          "the realm " + asked.realm() + " is plain HTTP: passwords would go there in the clear",
          "give one with https in auth.token.realm, or have the proxy send X-Forwarded-Proto: https"
              + " (auth.token.autoredirect)");
      return;
    }
    token(asked, realm.get(), findings);
  }

  private void token(Challenge asked, URI realm, Findings findings)
      throws IOException, GeneralSecurityException {
    String query = "service=" + encoded(asked.service()) + "&scope=" + encoded(SCOPE);
    String path = realm.getRawPath().isEmpty() ? "/" : realm.getRawPath();
    String before = realm.getRawQuery() == null ? "?" : "?" + realm.getRawQuery() + "&";
    WebRequest request = WebRequest.of("GET", path + before + query);
    if (target.user() != null) {
      request = request.with("Authorization", basic(target.user()));
    }
    WebAnswer answer;
    try {
      answer = new WebClient(realm, trust(realm)).send(request);
    } catch (IOException e) {
      findings.fail(
          "the realm " + realm + " is not reachable: " + Reason.of(e),
          "clients go there themselves: give an address in auth.token.realm that they can reach");
      return;
    }
    if (answer.isOk()) {
      JsonValue given = JsonValue.parse(answer.body());
      String token = given.at("token").text();
      findings.ok("the realm gives " + name() + " a token");
      judge("Bearer " + (token.isEmpty() ? given.at("access_token").text() : token), findings);
    } else if (target.user() == null && answer.isForbidden()) {
      findings.skip("the realm asks for a login: give --user NAME and the password");
    } else {
      findings.fail(
          "the realm " + realm + " answers " + answer.status() + " to " + name(),
          "see the name, the password, and the log of the token server");
    }
  }

  private @Nullable SSLContext trust(URI realm) throws IOException, GeneralSecurityException {
    Path authorities = target.authorities();
    if (!"https".equals(realm.getScheme())) {
      return null;
    }
    return authorities == null
        ? TrustedCertificates.ofSystem()
        : Handshake.wanted(List.of(authorities));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// Its query may be anything.
  private static Optional<URI> realm(String text) {
    try {
      return Target.parse(text.split("\\?", 2)[0]).map(_ -> URI.create(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
