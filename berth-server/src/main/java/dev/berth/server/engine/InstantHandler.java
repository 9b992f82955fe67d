package dev.berth.server.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Answers on the event loop what needs neither a thread nor the store: probes, which must be
/// answered while every thread of the pools is stuck. Asked for each request, before its turn for a
/// thread: it must neither block nor take long. What it answers is not in the access log.
@FunctionalInterface
public interface InstantHandler {
  /// Leaves everything to the handler on the pools.
  InstantHandler NONE = _ -> null;

  /// The answer; null where the request is somebody else's.
  @Nullable HttpResponse answer(RequestHead head);

  /// Asks several, in order, until one answers.
  static InstantHandler firstOf(List<InstantHandler> several) {
    List<InstantHandler> all = List.copyOf(several);
    return head -> {
      for (InstantHandler one : all) {
        HttpResponse answer = one.answer(head);
        if (answer != null) {
          return answer;
        }
      }
      return null;
    };
  }
}
