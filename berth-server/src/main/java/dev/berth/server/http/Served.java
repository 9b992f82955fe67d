package dev.berth.server.http;

import dev.berth.oci.wire.OciRequest;
import dev.berth.server.engine.HttpResponse;
import dev.berth.server.engine.RequestHead;
import java.util.function.Function;

/// A request of the protocol, and how it is about to be answered.
///
/// @param answer what the client gets, refusals too; its content is for the engine alone to use
/// @param caller the name that was proved; empty for nobody in particular
/// @param refusal why the caller may not, as they are told; empty for any other answer
/// @param id the request's name, which the client is told in `X-Request-Id`
/// @param urls where things are found, with scheme and host
public record Served(
    OciRequest request,
    HttpResponse answer,
    RequestHead head,
    String caller,
    String refusal,
    String id,
    Function<OciRequest, String> urls) {

  /// The address of the client's side of the connection, without its port.
  public String peer() {
    return ClientAddress.peer(head);
  }

  /// The client's address as proxies tell it, else the peer. Proves nothing.
  public String client() {
    return ClientAddress.forwarded(head);
  }
}
