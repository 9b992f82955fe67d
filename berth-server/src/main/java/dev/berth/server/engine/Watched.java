package dev.berth.server.engine;

import org.jspecify.annotations.Nullable;

/// What a [ConnectionWatch] looks at: a connection, or one stream of it. A mark is compared with
/// the one of the look before; null means that nothing is waited for.
interface Watched {
  EngineState engine();

  /// Ends it without waiting for anybody.
  void abort(String why);

  /// Changes with each request; null while one is in progress.
  @Nullable Object idleMark();

  /// Changes with each byte of a body; null while none is waited for.
  @Nullable Object bodyMark();

  /// Requests so far.
  long requests();

  /// Bytes of bodies so far.
  long bodyBytes();

  /// How often the client was stopped because nobody took what came.
  long pauses();

  /// Changes with each byte that the client takes; null while nothing is to be sent.
  @Nullable Object writeMark();

  /// The file of which the client waits for more, which the disk has not given yet.
  @Nullable Object fileMark();

  /// The exchange that has no answer yet though nothing but its handler is waited for.
  @Nullable EngineExchange unanswered();

  /// As above, for a request with a body, of which no byte is waited for.
  @Nullable EngineExchange unansweredBody();
}
