package dev.berth.server.events;

import dev.berth.config.NotificationsConfig.Endpoint;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/// Sends events to one endpoint. Redirects are not followed: a status of 3xx is an answer like 2xx,
/// as for registry 2.8.2. No message names the URL, which may hold a login.
final class EventSender implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(EventSender.class.getName());
  private static final String MEDIA_TYPE = "application/vnd.docker.distribution.events.v1+json";

  /// What the JDK's client sets by itself and nobody else may.
  private static final Set<String> OWN_FIELDS =
      Set.of("connection", "content-length", "expect", "host", "upgrade");

  private static final int HUNDRED = 100;
  private static final int OK = 2;
  private static final int REDIRECTED = 3;

  private final HttpClient client;
  private final HttpRequest template;
  private final Duration timeout;

  EventSender(Endpoint endpoint, SSLContext trust) {
    this.timeout = endpoint.timeout();
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .sslContext(trust)
            .build();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(withoutLogin(endpoint.url()))
            .timeout(timeout)
            .header("Content-Type", MEDIA_TYPE);
    boolean agent = false;
    boolean login = false;
    for (var field : endpoint.headers().entrySet()) {
      String name = field.getKey().toLowerCase(Locale.ROOT);
      agent |= name.equals("user-agent");
      login |= name.equals("authorization");
      add(request, endpoint, field.getKey(), field.getValue());
    }
    if (!agent) {
      request.header("User-Agent", "Berth");
    }
    if (!login && endpoint.url().getUserInfo() != null) {
      request.header("Authorization", basic(endpoint.url().getUserInfo()));
    }
    template = request.build();
  }

  private static void add(
      HttpRequest.Builder request, Endpoint endpoint, String name, List<String> values) {
    for (String value : values) {
      try {
        if (OWN_FIELDS.contains(name.toLowerCase(Locale.ROOT))) {
          throw new IllegalArgumentException("set by the client itself");
        }
        request.header(name, value);
      } catch (IllegalArgumentException e) {
        LOG.log(
            Level.WARNING,
            "notifications: a header of endpoint " + endpoint.title() + " cannot be sent: " + name);
      }
    }
  }

  /// What an endpoint said.
  ///
  /// @param status the number; empty where it did not answer
  /// @param problem in words, for the log
  record Outcome(boolean accepted, String status, String problem) {}

  /// Sends one event and waits for the answer, for as long as the endpoint's timeout.
  Outcome send(byte[] envelope) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(template, (_, _) -> true)
            .POST(HttpRequest.BodyPublishers.ofByteArray(envelope))
            .build();
    // An answer whose body never ends is no answer; the client's own limit is for the header only.
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
    try {
      int status = answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS).statusCode();
      String line = Integer.toString(status);
      boolean accepted = status / HUNDRED == OK || status / HUNDRED == REDIRECTED;
      return new Outcome(accepted, line, accepted ? "" : "it answered " + line);
    } catch (TimeoutException e) {
      return new Outcome(false, "", "it did not answer in " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      return new Outcome(false, "", problem(e.getCause() == null ? e : e.getCause()));
    } finally {
      answer.cancel(true);
    }
  }

  /// The kind of failure and its reason, where that can hold nothing of the URL but the host.
  private static String problem(Throwable cause) {
    String kind = cause.getClass().getSimpleName();
    String message = cause.getMessage();
    return cause instanceof IOException && message != null ? kind + ": " + message : kind;
  }

  private static URI withoutLogin(URI url) {
    String text = url.toASCIIString();
    String login = url.getRawUserInfo();
    return login == null ? url : URI.create(text.replaceFirst("//[^/?#]*@", "//"));
  }

  private static String basic(String login) {
    String pair = login.contains(":") ? login : login + ":";
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
