package dev.berth.server.http;

import dev.berth.oci.Registry;
import dev.berth.oci.RegistryException;
import dev.berth.oci.wire.OciRequest;
import dev.berth.oci.wire.OciRoutes;
import dev.berth.oci.wire.Route;
import dev.berth.server.auth.Access;
import dev.berth.server.auth.Authenticator;
import dev.berth.server.auth.Caller;
import dev.berth.server.auth.Decision;
import dev.berth.server.auth.Sight;
import dev.berth.server.engine.Content;
import dev.berth.server.engine.HttpExchange;
import dev.berth.server.engine.HttpHandler;
import dev.berth.server.engine.HttpResponse;
import dev.berth.server.engine.RequestHead;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Answers the distribution protocol from a [Registry] to whom an [Authenticator] lets in, and `/`
/// for probes to everybody. Safe for use by many threads.
///
/// While `healthy` is false, `/` and requests that change something are answered 503; reads are
/// served.
public final class OciHandler implements HttpHandler {
  private static final System.Logger LOG = System.getLogger(OciHandler.class.getName());
  private static final Content.Bytes PING =
      new Content.Bytes("{}".getBytes(StandardCharsets.US_ASCII));

  /// Sent with what clients pushed, so that no browser takes it for a page of this host.
  private static final Map<String, String> GUARDS =
      Map.of("X-Content-Type-Options", "nosniff", "Content-Security-Policy", "sandbox");

  private final Authenticator authenticator;
  private final BooleanSupplier healthy;
  private final Witness witness;
  private final RequestIds ids;
  private final ExternalUrl urls;
  private final OciRoutes routes;
  private final String ping;
  private final List<String> versionField =
      List.of("Docker-Distribution-API-Version", "registry/2.0");
  private final List<String> fieldsOfAll;
  private final List<String> fieldsOfContent;
  private final BlobEndpoints blobs;
  private final UploadEndpoints uploads;
  private final ManifestEndpoints manifests;
  private final ListingEndpoints listings;

  /// @param secret `http.secret`, with which the state of uploads is signed
  /// @param idSeed tells this process's request ids from those of others
  /// @throws IllegalArgumentException `host` of the settings is no absolute URL
  public OciHandler(
      Registry registry,
      HttpSettings settings,
      byte[] secret,
      Authenticator authenticator,
      BooleanSupplier healthy,
      Witness witness,
      long idSeed) {
    HttpSettings.Limits limits = settings.limits();
    this.authenticator = authenticator;
    this.healthy = healthy;
    this.witness = witness;
    this.ids = new RequestIds(idSeed);
    this.routes = new OciRoutes(settings.prefix(), settings.readOnly());
    this.ping = routes.prefixPath() + "/v2/";
    this.urls = new ExternalUrl(settings.host(), settings.relativeUrls(), routes.prefixPath());
    var bodies = new ManifestBodies(limits.manifestBytes(), limits.manifestBytesInFlight());
    this.blobs = new BlobEndpoints(registry);
    this.uploads = new UploadEndpoints(registry, urls, new UploadState(secret));
    this.manifests = new ManifestEndpoints(registry, urls, bodies);
    this.listings = new ListingEndpoints(registry, limits, routes.prefixPath());
    List<String> fields = new ArrayList<>(versionField);
    settings
        .headers()
        .forEach((name, values) -> values.forEach(value -> fields.addAll(List.of(name, value))));
    this.fieldsOfAll = List.copyOf(fields);
    GUARDS.forEach(
        (name, value) -> {
          if (settings.headers().keySet().stream().noneMatch(name::equalsIgnoreCase)) {
            fields.addAll(List.of(name, value));
          }
        });
    this.fieldsOfContent = List.copyOf(fields);
  }

  /// What a client gets that cannot be served now, and shall come again.
  public static HttpResponse busy() {
    return ErrorResponses.busy();
  }

  @Override
  public void handle(HttpExchange exchange) {
    RequestHead head = exchange.head();
    String id = ids.of(head);
    Reply reply = head.path().equals("/") ? new Reply(alive()) : routed(exchange, head, id);
    HttpResponse answer = reply.answer().with(RequestIds.FIELD, id);
    exchange.respond(head.method().equals("HEAD") ? answer.withoutBody() : answer, reply.delay());
  }

  @Override
  public boolean needsNoStore(RequestHead head) {
    String path = head.path();
    return path.equals("/") || path.equals(ping);
  }

  /// @param delay how long the answer is held back
  private record Reply(HttpResponse answer, Duration delay) {
    Reply(HttpResponse answer) {
      this(answer, Duration.ZERO);
    }
  }

  private HttpResponse alive() {
    return healthy.getAsBoolean()
        ? HttpResponse.of(200).with("Cache-Control", "no-cache")
        : ErrorResponses.unhealthy();
  }

  private Reply routed(HttpExchange exchange, RequestHead head, String id) {
    return switch (routes.parse(head.method(), head.path(), head.query())) {
      case Route.Found(OciRequest request) -> found(request, exchange, id);
      case Route.Refused(var problem) -> known(ErrorResponses.of(problem));
      case Route.WrongMethod(String allow) -> known(ErrorResponses.wrongMethod(allow));
      case Route.Verbs(String allow) -> known(HttpResponse.of(200).with("Allow", allow));
      case Route.TooManyTags _ -> known(ErrorResponses.tooManyTags(OciRoutes.MAX_TAGS_PER_PUSH));
      case Route.Unknown _ -> new Reply(with(versionField, ErrorResponses.notFound()));
      case Route.Malformed(String reason) ->
          new Reply(with(versionField, ErrorResponses.malformed(reason)));
      case Route.Moved(String location) ->
          new Reply(with(versionField, HttpResponse.of(301).with("Location", location)));
    };
  }

  private Reply known(HttpResponse answer) {
    return new Reply(with(fieldsOfAll, answer));
  }

  private Reply found(OciRequest request, HttpExchange exchange, String id) {
    RequestHead head = exchange.head();
    Optional<String> authorization = head.headers().first("Authorization");
    Decision decision = authenticator.decide(authorization, ClientAddress.peer(head), request);
    Reply reply =
        decision instanceof Decision.Granted(_, Sight sight)
            ? new Reply(granted(request, sight, exchange, id))
            : new Reply(
                with(
                    fieldsOfAll,
                    ErrorResponses.refused(decision, Access.of(request), urls.origin(head))),
                decision.delay());
    String refusal = decision instanceof Decision.Denied denied ? denied.reason() : "";
    witness.saw(
        new Served(
            request,
            reply.answer(),
            head,
            caller(decision).name(),
            refusal,
            id,
            other -> urls.absolute(other, head)));
    return reply;
  }

  private static Caller caller(Decision decision) {
    return switch (decision) {
      case Decision.Granted(Caller caller, _) -> caller;
      case Decision.Denied(Caller caller, _, _) -> caller;
      case Decision.Unknown _, Decision.TokenNeeded _, Decision.Busy _, Decision.Unavailable _ ->
          Caller.ANONYMOUS;
    };
  }

  private HttpResponse granted(OciRequest request, Sight sight, HttpExchange exchange, String id) {
    if (request.changes() && !healthy.getAsBoolean()) {
      return ErrorResponses.unhealthy();
    }
    boolean content =
        request instanceof OciRequest.ReadManifest || request instanceof OciRequest.ReadBlob;
    return with(content ? fieldsOfContent : fieldsOfAll, answer(request, sight, exchange, id));
  }

  private HttpResponse answer(OciRequest request, Sight sight, HttpExchange exchange, String id) {
    var body = new RequestBody(exchange);
    try {
      return dispatch(request, sight, exchange, body);
    } catch (RegistryException e) {
      return ErrorResponses.of(e);
    } catch (RuntimeException e) {
      if (body.broken()) {
        return ErrorResponses.bodyBroken();
      }
      LOG.log(System.Logger.Level.ERROR, "request " + id + " failed: " + request, e);
      return ErrorResponses.unexpected();
    }
  }

  private HttpResponse dispatch(
      OciRequest request, Sight sight, HttpExchange exchange, RequestBody body) {
    RequestHead head = exchange.head();
    return switch (request) {
      case OciRequest.ReadManifest read -> manifests.read(read, head);
      case OciRequest.ReadBlob read -> blobs.read(read, head.headers());
      case OciRequest.Ping _ ->
          new HttpResponse(200, List.of("Content-Type", "application/json; charset=utf-8"), PING);
      case OciRequest.StartUpload start -> uploads.start(start, head);
      case OciRequest.MountBlob mount -> uploads.mount(mount, sight, head);
      case OciRequest.PostBlob post -> uploads.post(post, head, body);
      case OciRequest.AppendUpload append -> uploads.append(append, head, body);
      case OciRequest.CommitUpload commit -> uploads.commit(commit, head, body);
      case OciRequest.ReadUpload read -> uploads.read(read, head);
      case OciRequest.CancelUpload cancel -> uploads.cancel(cancel);
      case OciRequest.PutManifest put -> manifests.put(put, exchange, body);
      case OciRequest.DeleteManifest delete -> manifests.delete(delete);
      case OciRequest.DeleteTag delete -> manifests.delete(delete);
      case OciRequest.DeleteBlob delete -> blobs.delete(delete);
      case OciRequest.ListTags list -> listings.tags(list, exchange);
      case OciRequest.ListReferrers list -> listings.referrers(list, exchange);
      case OciRequest.Catalog list -> listings.catalog(list, sight, exchange);
    };
  }

  private static HttpResponse with(List<String> fields, HttpResponse answer) {
    List<String> all = new ArrayList<>(fields.size() + answer.headers().size());
    all.addAll(fields);
    all.addAll(answer.headers());
    return new HttpResponse(answer.status(), all, answer.content());
  }
}
