package dev.berth.server.engine;

/// A request without its body.
///
/// @param method as sent, for example `GET`
/// @param path the path as sent, still percent-encoded, without the query; begins with `/`
/// @param query what follows the `?`, still encoded; empty for none
/// @param version for logs, for example `HTTP/1.1`
/// @param remote the peer's address and port, for example `10.0.0.7:41234` or `[::1]:41234`
/// @param secure whether the connection is TLS
public record RequestHead(
    String method,
    String path,
    String query,
    String version,
    HttpHeaders headers,
    String remote,
    boolean secure) {}
