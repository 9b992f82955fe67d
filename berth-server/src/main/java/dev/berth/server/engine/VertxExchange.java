package dev.berth.server.engine;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/// A request that came by HTTP/1.
final class VertxExchange extends EngineExchange {
  private final BodyTap connection;
  private final HttpServerRequest request;

  VertxExchange(BodyTap connection, HttpServerRequest request, BodyQueue body, long headBytes) {
    super(connection, headOf(request, connection.remote()), body, headBytes);
    this.connection = connection;
    this.request = request;
  }

  private static RequestHead headOf(HttpServerRequest request, String remote) {
    String target = request.uri();
    int path = RequestRules.pathStart(target);
    int question = target.indexOf('?', path);
    int end = question < 0 ? target.length() : question;
    return new RequestHead(
        request.method().name(),
        target.substring(path, end),
        question < 0 ? "" : target.substring(question + 1),
        request.version() == HttpVersion.HTTP_1_0 ? "HTTP/1.0" : "HTTP/1.1",
        new ServerHeaders(request.headers()),
        remote,
        request.isSSL());
  }

  @Override
  Answer newAnswer(HttpResponse response) {
    return new VertxAnswer(connection, this, request, response);
  }

  @Override
  void writeContinue() {
    request.response().writeContinue();
  }
}
