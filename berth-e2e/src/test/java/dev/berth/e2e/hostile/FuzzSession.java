package dev.berth.e2e.hostile;

import dev.berth.e2e.hostile.RawConnection.Answer;
import dev.berth.e2e.hostile.RequestFuzzer.Fuzzed;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Sends fuzzed requests over kept-alive connections, one after the other, and collects what the
/// server must never do.
final class FuzzSession {
  /// 5xx answers that say something about the request or the moment, not of a failure.
  private static final Set<Integer> ALLOWED_5XX = Set.of(501, 505, 507);

  private static final int MOST_OFFENCES = 20;

  /// Against a hang only.
  private static final int LONG_MILLIS = 60_000;

  private static final int SHORT_MILLIS = 100;

  private final int port;
  private final Vocabulary words;
  private final RequestFuzzer fuzzer;
  private final Map<Integer, Integer> statuses = new TreeMap<>();
  private final List<String> offences = new ArrayList<>();
  private int unanswered;
  private @Nullable RawConnection connection;

  FuzzSession(int port, SplittableRandom random) {
    this.port = port;
    words = new Vocabulary(random);
    fuzzer = new RequestFuzzer(random, words);
  }

  /// Stops early when there is more than enough to report.
  void send(int requests) throws IOException {
    for (int i = 0; i < requests && offences.size() < MOST_OFFENCES; i++) {
      exchange(fuzzer.next());
    }
    reconnectNext();
  }

  Map<Integer, Integer> statuses() {
    return statuses;
  }

  int unanswered() {
    return unanswered;
  }

  List<String> offences() {
    return offences;
  }

  private void exchange(Fuzzed request) throws IOException {
    RawConnection used = connection == null ? new RawConnection(port) : connection;
    connection = used;
    try {
      used.write(request.bytes());
      // A request that is not HTTP may promise bytes that never come: then nothing is owed to it.
      used.waitAtMost(request.wellFormed() ? LONG_MILLIS : SHORT_MILLIS);
      Answer answer = used.read(request.method().equals("HEAD"));
      judge(request, answer);
      learn(answer);
      if (answer.last() || !request.wellFormed()) {
        reconnectNext();
      }
    } catch (SocketTimeoutException e) {
      unanswered++;
      if (request.wellFormed()) {
        offences.add("no answer in time to " + request);
      }
      reconnectNext();
    } catch (IOException closed) {
      unanswered++;
      if (request.wellFormed()) {
        offences.add("closed (" + closed.getMessage() + ") at " + request);
      }
      reconnectNext();
    }
  }

  private void judge(Fuzzed request, Answer answer) {
    statuses.merge(answer.status(), 1, Integer::sum);
    boolean retryLater = answer.status() == 503 && answer.header("retry-after").isPresent();
    if (answer.status() >= 500 && !ALLOWED_5XX.contains(answer.status()) && !retryLater) {
      offences.add(
          "%d %s to %s"
              .formatted(
                  answer.status(),
                  new String(answer.body(), StandardCharsets.UTF_8).strip(),
                  request));
    }
  }

  private void learn(Answer answer) {
    answer.header("docker-content-digest").ifPresent(words::learnDigest);
    if (answer.status() == 202) {
      answer
          .header("location")
          .map(location -> location.replaceFirst("^https?://[^/]+", ""))
          .ifPresent(words::learnLocation);
    }
  }

  private void reconnectNext() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
