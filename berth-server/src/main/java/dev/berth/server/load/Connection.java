package dev.berth.server.load;

import dev.berth.server.outgoing.Challenge;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One user's way to the registry: keeps its connection, logs in where it is asked to, comes again
/// where it is told to. For one thread.
final class Connection implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /// Each of these in a body is given a second more.
  private static final long SLOWEST_BYTES_A_SECOND = 1 << 20;

  private static final int MOST_HOPS = 3;
  private static final long LONGEST_WAIT_SECONDS = 60;
  private static final String ACCEPTED = FreshImage.MANIFEST_TYPE + ", */*";

  private final Target target;
  private final RequestMeter meter;
  private final Stop stop;
  private final Login login;
  private final HttpClient client;

  /// @param stop ends waits
  Connection(Target target, RequestMeter meter, Stop stop) {
    this.target = target;
    this.meter = meter;
    this.stop = stop;
    this.login = new Login(target.credentials());
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .sslContext(target.trust())
            .executor(task -> Thread.ofVirtual().name("load-http").start(task))
            .build();
  }

  /// Sends a request until it is answered for good: once more after a login, and once more after
  /// the time that the server names.
  ///
  /// @throws RequestFailure it had no answer, or another than it hoped for
  Answer send(Call first) throws RequestFailure, InterruptedException {
    Call call = first;
    boolean askedToWait = false;
    boolean askedToLogIn = false;
    int hops = 0;
    while (true) {
      long start = System.nanoTime();
      Answer answer = exchange(call);
      if (answer.isChallenge() && !askedToLogIn && logIn(call, answer)) {
        askedToLogIn = true;
      } else if (answer.tellsToWait() && !askedToWait) {
        askedToWait = true;
        meter.toldToWait();
        stop.await(waitOf(answer));
      } else if (answer.isRedirection()
          && call.kind() == RequestKind.GET_BLOB
          && hops < MOST_HOPS) {
        hops++;
        call = call.at(answer.findLocation().orElseThrow());
      } else if (answer.status() == call.hopedFor()
          || (answer.isMissing() && call.missingIsFine())) {
        long nanos = System.nanoTime() - start;
        meter.answered(call.kind(), nanos, call.payload().bytes() + answer.bytes());
        return answer;
      } else {
        throw Reasons.of(call, answer);
      }
    }
  }

  /// The body of a blob or manifest, which must have this digest.
  Answer read(Call call, Object digest) throws RequestFailure, InterruptedException {
    Answer answer = send(call);
    if (!answer.digest().equals(digest)) {
      throw Reasons.wrongBytes(call, digest, answer.digest());
    }
    return answer;
  }

  private static Duration waitOf(Answer answer) {
    String field = answer.headers().firstValue("Retry-After").orElse("").strip();
    long seconds = field.matches("[0-9]{1,9}") ? Long.parseLong(field) : 1;
    return Duration.ofSeconds(Math.min(seconds, LONGEST_WAIT_SECONDS));
  }

  private boolean logIn(Call call, Answer answer) throws RequestFailure, InterruptedException {
    Challenge challenge =
        Challenge.find(answer.headers().allValues("WWW-Authenticate")).orElse(null);
    if (challenge == null || !target.owns(answer.from())) {
      return false;
    }
    if (challenge.isBasic()) {
      boolean shown = login.findHeader(call).isPresent();
      login.useBasic();
      return !shown && login.findPassword().isPresent();
    }
    return fetchToken(call, challenge);
  }

  /// Where a token is to be asked for, as the registry named it.
  ///
  /// @throws IllegalArgumentException it named no such place
  private static URI tokenUri(Challenge challenge) {
    StringBuilder uri = new StringBuilder(challenge.realm());
    char separator = challenge.realm().contains("?") ? '&' : '?';
    for (String name : List.of("service", "scope")) {
      String value = challenge.parameters().get(name);
      if (value != null) {
        uri.append(separator)
            .append(name)
            .append('=')
            .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        separator = '&';
      }
    }
    return Urls.parse(uri.toString());
  }

  private boolean fetchToken(Call call, Challenge challenge)
      throws RequestFailure, InterruptedException {
    Call request;
    try {
      request = Call.get(RequestKind.TOKEN, tokenUri(challenge), call.repository());
    } catch (IllegalArgumentException noPlace) {
      return false;
    }
    if (challenge.losesTls(target.isSecure()) && login.findPassword().isPresent()) {
      throw Reasons.realmInClear(request);
    }
    long start = System.nanoTime();
    Answer answer = exchange(request);
    if (answer.status() != request.hopedFor() || !login.keepToken(call, answer.beginning())) {
      throw Reasons.of(request, answer);
    }
    meter.answered(RequestKind.TOKEN, System.nanoTime() - start, 0);
    return true;
  }

  private Answer exchange(Call call) throws RequestFailure, InterruptedException {
    Duration limit = ANSWER.plusSeconds(call.payload().bytes() / SLOWEST_BYTES_A_SECOND);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(call.uri())
            .timeout(limit)
            .header("User-Agent", "Berth-load")
            .method(call.method(), call.payload().body());
    if (!call.payload().type().isEmpty()) {
      request.header("Content-Type", call.payload().type());
    }
    if (call.kind() == RequestKind.GET_MANIFEST || call.kind() == RequestKind.OTHER) {
      request.header("Accept", ACCEPTED);
    }
    if (call.kind() == RequestKind.TOKEN) {
      login.findPassword().ifPresent(value -> request.header("Authorization", value));
    } else if (target.owns(call.uri())) {
      login.findHeader(call).ifPresent(value -> request.header("Authorization", value));
    }
    return await(call, request.build(), limit);
  }

  /// The client's own limit is for the head of an answer; this one is for its body too.
  private Answer await(Call call, HttpRequest request, Duration limit)
      throws RequestFailure, InterruptedException {
    CompletableFuture<HttpResponse<ReadBody>> future =
        client.sendAsync(
            request,
            head -> {
              var body =
                  new ReadBody(
                      call.kind() != RequestKind.GET_BLOB || head.statusCode() != call.hopedFor());
              return BodySubscribers.mapping(BodySubscribers.ofByteArrayConsumer(body), _ -> body);
            });
    try {
      HttpResponse<ReadBody> response = future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      ReadBody body = response.body();
      return new Answer(
          call.uri(),
          response.statusCode(),
          response.headers(),
          body.beginning(),
          body.bytes(),
          body.digest());
    } catch (TimeoutException e) {
      throw Reasons.of(call, e);
    } catch (ExecutionException e) {
      throw Reasons.of(call, e.getCause() == null ? e : e.getCause());
    } finally {
      future.cancel(true);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
