package dev.berth.server.debug;

import dev.berth.server.engine.HttpResponse;
import dev.berth.server.engine.InstantHandler;
import dev.berth.server.engine.RequestHead;
import dev.berth.server.health.Readiness;
import dev.berth.server.health.Readiness.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The probes of Kubernetes, answered from memory on the event loop: `/livez`, `/startupz`,
/// `/readyz` for pulls, and `/readyz/write` for pushes. With `?verbose` they list what they depend
/// on.
public final class Probes implements InstantHandler {
  /// Longer paths are somebody else's.
  private static final int LONGEST = "/readyz/write".length();

  private static final State WELL = new State("event-loops", null);

  private final Readiness readiness;
  private final boolean reasons;

  /// @param reasons whether `?verbose` says what is wrong, which may name paths and addresses: not
  ///   for everybody
  public Probes(Readiness readiness, boolean reasons) {
    this.readiness = readiness;
    this.reasons = reasons;
  }

  @Override
  public @Nullable HttpResponse answer(RequestHead head) {
    String path = head.path();
    if (path.length() > LONGEST) {
      return null;
    }
    return switch (path) {
      case "/livez" -> answer(head, List.of(WELL));
      case "/startupz" -> answer(head, List.of(started()));
      case "/readyz" -> {
        readiness.asked();
        yield answer(head, readiness.forReading());
      }
      case "/readyz/write" -> {
        readiness.asked();
        yield answer(head, readiness.forWriting());
      }
      default -> null;
    };
  }

  private State started() {
    return new State("store-read", readiness.isStarted() ? null : "has not answered yet");
  }

  private HttpResponse answer(RequestHead head, List<State> states) {
    if (!head.method().equals("GET") && !head.method().equals("HEAD")) {
      return PlainAnswers.wrongMethod("GET, HEAD");
    }
    boolean well = states.stream().allMatch(state -> state.fault() == null);
    var text = new StringBuilder();
    if (head.query().startsWith("verbose")) {
      states.forEach(state -> text.append(line(state)).append('\n'));
    }
    return PlainAnswers.state(well, text.append(well ? "ok" : "not ok").append('\n').toString());
  }

  private String line(State state) {
    if (state.fault() == null) {
      return "[+] " + state.name() + ": ok";
    }
    return "[-] " + state.name() + ": " + (reasons ? state.fault() : "failed");
  }
}
