package dev.berth.server.http;

import dev.berth.oci.ErrorCode;
import dev.berth.oci.MediaType;
import dev.berth.oci.Page;
import dev.berth.oci.PageRequest;
import dev.berth.oci.Registry;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.oci.wire.LinkHeader;
import dev.berth.oci.wire.ListBody;
import dev.berth.oci.wire.OciRequest;
import dev.berth.oci.wire.OciRequest.Catalog;
import dev.berth.oci.wire.OciRequest.ListReferrers;
import dev.berth.oci.wire.OciRequest.ListTags;
import dev.berth.oci.wire.OciRoutes;
import dev.berth.server.auth.Gate;
import dev.berth.server.auth.Sight;
import dev.berth.server.engine.Content;
import dev.berth.server.engine.HttpExchange;
import dev.berth.server.engine.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Lists tags, repositories and referrers.
final class ListingEndpoints {
  private static final String JSON = "application/json; charset=utf-8";

  /// Entries of the catalog where the client names no number, as in registry 2.8.2.
  private static final int CATALOG_DEFAULT = 100;

  /// Names that are looked at in one go where not all are shown.
  private static final int SEARCHED_AT_ONCE = 1000;

  /// Each may walk through all repositories there are.
  private static final int SEARCHES = 2;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Gate searches = new Gate(SEARCHES, PATIENCE);
  private final Registry registry;
  private final HttpSettings.Limits limits;
  private final String prefixPath;

  /// @param prefixPath what stands before `/v2/` in links to the next page, which are relative as
  ///   2.8.2's are
  ListingEndpoints(Registry registry, HttpSettings.Limits limits, String prefixPath) {
    this.registry = registry;
    this.limits = limits;
    this.prefixPath = prefixPath;
  }

  HttpResponse tags(ListTags request, HttpExchange exchange) {
    return registry.tags(
        request.repository(), request.page(), page -> tags(request, page, exchange));
  }

  private HttpResponse tags(ListTags request, Page<Tag> page, HttpExchange exchange) {
    int size = ListBody.sizeOf(request.repository(), page.items());
    if (size > HttpExchange.FREE_BYTES) {
      setAside(size, exchange);
    }
    HttpResponse answer = answer(JSON, ListBody.tags(request.repository(), page.items()));
    return page.more() && !page.items().isEmpty()
        ? linked(
            answer,
            new ListTags(
                request.repository(), after(request.page().limit(), page.items().getLast())))
        : answer;
  }

  private static void setAside(long bytes, HttpExchange exchange) {
    if (!exchange.setAside(bytes)) {
      throw new RegistryException(ErrorCode.UNAVAILABLE, "too many large lists at one time");
    }
  }

  HttpResponse catalog(Catalog request, Sight sight, HttpExchange exchange) {
    int limit = catalogLimit(request.page().limit());
    Optional<String> last = request.page().last();
    Page<RepositoryName> page =
        sight.everywhere()
            ? registry.repositories(new PageRequest(OptionalInt.of(limit), last))
            : searches
                .through(() -> shown(limit, last, sight, exchange))
                .orElseThrow(ListingEndpoints::tooManySearches);
    HttpResponse answer = answer(JSON, ListBody.repositories(page.items()));
    return page.more() && !page.items().isEmpty()
        ? linked(answer, new Catalog(after(OptionalInt.of(limit), page.items().getLast())))
        : answer;
  }

  /// A page of what the caller may see. It looks at all that lies between, so that neither its end
  /// nor its link tells a name that it does not show.
  private Page<RepositoryName> shown(
      int limit, Optional<String> start, Sight sight, HttpExchange exchange) {
    List<RepositoryName> shown = new ArrayList<>();
    Optional<String> last = start;
    boolean more = limit > 0;
    while (more && !exchange.isOver()) {
      var page = registry.repositories(new PageRequest(OptionalInt.of(SEARCHED_AT_ONCE), last));
      for (RepositoryName name : page.items()) {
        if (sight.shows().test(name)) {
          if (shown.size() == limit) {
            return new Page<>(shown, true);
          }
          shown.add(name);
        }
      }
      more = page.more() && !page.items().isEmpty();
      last = more ? Optional.of(page.items().getLast().value()) : last;
    }
    return new Page<>(shown, false);
  }

  private static RegistryException tooManySearches() {
    return new RegistryException(ErrorCode.UNAVAILABLE, "too many searches at one time");
  }

  private int catalogLimit(OptionalInt asked) {
    int limit = asked.orElse(Math.min(CATALOG_DEFAULT, limits.catalogMaxEntries()));
    if (limit > limits.catalogMaxEntries()) {
      ErrorCode code = ErrorCode.PAGINATION_NUMBER_INVALID;
      throw new RegistryException(code, code.message(), Map.of("n", limit));
    }
    return limit;
  }

  /// Pages are cut by `n` and by size, in the order of the digests.
  HttpResponse referrers(ListReferrers request, HttpExchange exchange) {
    Optional<String> type = request.artifactType();
    int most = limits.referrersBytes();
    // The referrers, what holds them, and all of them once more in the answer.
    var page =
        new ReferrerPage(
            request.page(), most, type, () -> setAside(3L * most, exchange), exchange::isOver);
    boolean _ =
        searches
            .through(
                () -> {
                  registry.referrers(request.repository(), request.subject(), page);
                  return true;
                })
            .orElseThrow(ListingEndpoints::tooManySearches);
    HttpResponse answer = answer(MediaType.OCI_INDEX.value(), ListBody.referrers(page.referrers()));
    if (type.isPresent()) {
      answer = answer.with("OCI-Filters-Applied", "artifactType");
    }
    return page.more() && page.last().isPresent()
        ? linked(
            answer,
            new ListReferrers(
                request.repository(),
                request.subject(),
                type,
                after(request.page().limit(), page.last().get())))
        : answer;
  }

  private static PageRequest after(OptionalInt limit, Object last) {
    return new PageRequest(limit, Optional.of(last.toString()));
  }

  private HttpResponse linked(HttpResponse answer, OciRequest next) {
    return answer.with(LinkHeader.NAME, LinkHeader.next(prefixPath + OciRoutes.format(next)));
  }

  private static HttpResponse answer(String type, byte[] body) {
    return new HttpResponse(200, List.of("Content-Type", type), new Content.Bytes(body));
  }
}
