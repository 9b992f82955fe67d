package dev.berth.server.engine;

import dev.berth.oci.BodySource;

/// One request and its answer.
public interface HttpExchange {
  RequestHead head();

  /// The request's body. Asking for it sends `100 Continue` where the client waits for one. Bytes
  /// that nobody reads are thrown away up to a limit, then the connection is closed.
  BodySource body();

  /// Sends the answer. Must be called once. Blocks until the content is handed to the engine, not
  /// until the client has it.
  void respond(HttpResponse response);
}
