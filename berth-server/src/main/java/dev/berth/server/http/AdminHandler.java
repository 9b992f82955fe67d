package dev.berth.server.http;

import dev.berth.oci.wire.OciRoutes;
import dev.berth.server.auth.AdminGate;
import dev.berth.server.auth.Decision;
import dev.berth.server.engine.Content;
import dev.berth.server.engine.HttpExchange;
import dev.berth.server.engine.HttpHandler;
import dev.berth.server.engine.HttpResponse;
import dev.berth.server.engine.RequestHead;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The admin API below `/berth/v1/`, for whom an [AdminGate] lets in; every other path is another
/// handler's. Who is not let in learns nothing, not even which paths there are.
public final class AdminHandler implements HttpHandler {
  private final HttpHandler next;
  private final AdminGate gate;
  private final Supplier<AdminStatus> status;
  private final ExternalUrl urls;
  private final String root;
  private final String statusPath;

  public AdminHandler(
      HttpHandler next, HttpSettings settings, AdminGate gate, Supplier<AdminStatus> status) {
    this.next = next;
    this.gate = gate;
    this.status = status;
    String prefix = new OciRoutes(settings.prefix(), settings.readOnly()).prefixPath();
    this.urls = new ExternalUrl(settings.host(), settings.relativeUrls(), prefix);
    this.root = prefix + "/berth/v1/";
    this.statusPath = root + "status";
  }

  @Override
  public void handle(HttpExchange exchange) {
    RequestHead head = exchange.head();
    if (!head.path().startsWith(root)) {
      next.handle(exchange);
      return;
    }
    Optional<String> authorization = head.headers().first("Authorization");
    Decision decision = gate.decide(authorization, ClientAddress.peer(head));
    HttpResponse answer =
        (decision instanceof Decision.Granted
                ? granted(head)
                : ErrorResponses.refused(decision, List.of(), urls.origin(head)))
            .with("Cache-Control", "no-store");
    exchange.respond(
        head.method().equals("HEAD") ? answer.withoutBody() : answer, decision.delay());
  }

  @Override
  public boolean needsNoStore(RequestHead head) {
    return head.path().equals(statusPath) || next.needsNoStore(head);
  }

  private HttpResponse granted(RequestHead head) {
    if (!head.path().equals(statusPath)) {
      return ErrorResponses.notFound();
    }
    if (!head.method().equals("GET") && !head.method().equals("HEAD")) {
      return ErrorResponses.wrongMethod("GET, HEAD");
    }
    return new HttpResponse(
        200,
        List.of("Content-Type", "application/json; charset=utf-8"),
        new Content.Bytes(status.get().json()));
  }
}
