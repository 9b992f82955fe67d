package dev.berth.server.engine;

import dev.berth.oci.BodySource;
import java.time.Duration;

/// One request and its answer.
public interface HttpExchange {
  /// Answers of this size need no memory set aside by their makers; with HTTP/2 the engine counts
  /// smaller ones too.
  int FREE_BYTES = 64 << 10;

  RequestHead head();

  /// The request's body. Asking for it sends `100 Continue` where the client waits for one. Bytes
  /// that nobody reads are thrown away up to a limit, then the connection is closed.
  BodySource body();

  /// Sets memory aside for an answer of so many bytes, before it is made, where it may have more
  /// than [#FREE_BYTES]; waits some seconds for it. It counts until the client has taken the
  /// answer, whose bytes may be fewer. To be called once at most.
  ///
  /// @return false if there is none: then no such answer may be made
  boolean setAside(long bytes);

  /// Whether nobody waits for the handler's answer any more: the client left, or was answered
  /// because it took too long. Who works long for one answer looks now and then.
  boolean isOver();

  /// Sends the answer. Must be called once. Blocks until the content is handed to the engine, not
  /// until the client has it.
  default void respond(HttpResponse response) {
    respond(response, Duration.ZERO);
  }

  /// As above, and the answer is sent when this time has gone by; no thread waits for it. For small
  /// answers.
  void respond(HttpResponse response, Duration delay);
}
