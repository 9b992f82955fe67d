package dev.berth.server.events;

import dev.berth.config.NotificationsConfig.Endpoint;
import dev.berth.server.outgoing.OutgoingRequests;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/// Sends events to one endpoint. Redirects are not followed: a status of 3xx is an answer like 2xx,
/// as for registry 2.8.2. No message names the URL, which may hold a login.
final class EventSender implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(EventSender.class.getName());
  private static final String MEDIA_TYPE = "application/vnd.docker.distribution.events.v1+json";

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
    template =
        OutgoingRequests.to(endpoint.url(), endpoint.headers(), name -> tell(endpoint, name))
            .timeout(timeout)
            .header("Content-Type", MEDIA_TYPE)
            .build();
  }

  private static void tell(Endpoint endpoint, String name) {
    LOG.log(
        Level.WARNING,
        "notifications: a header of endpoint " + endpoint.title() + " cannot be sent: " + name);
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

  /// What an operator can do something about, in words that hold nothing of the URL but the host: a
  /// server may answer with what it was asked.
  private String problem(Throwable cause) {
    String host = template.uri().getHost();
    String kind = cause.getClass().getSimpleName();
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof UnresolvedAddressException || each instanceof UnknownHostException) {
        return "no such host: " + host;
      }
      if (each instanceof CertPathBuilderException) {
        return "the certificate of " + host + " is from nobody whom this system trusts";
      }
    }
    return switch (cause) {
      case ConnectException _ -> "nothing listens at " + host + ", or it cannot be reached";
      case SSLException refused -> kind + ": " + refused.getMessage();
      default -> kind;
    };
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
