package dev.berth.server.http;

import dev.berth.oci.Descriptor;
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
import dev.berth.server.engine.Content;
import dev.berth.server.engine.HttpResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Lists tags, repositories and referrers.
final class ListingEndpoints {
  private static final String JSON = "application/json; charset=utf-8";

  /// Entries of the catalog where the client names no number, as in registry 2.8.2.
  private static final int CATALOG_DEFAULT = 100;

  private static final int LARGE_BYTES = 256 << 10;
  private static final int LARGE_AT_ONCE = 1;
  private static final int PATIENCE_SECONDS = 10;

  private final Registry registry;
  private final HttpSettings.Limits limits;
  private final String prefixPath;

  /// For lists so large that few may be in memory at one time.
  private final Semaphore large = new Semaphore(LARGE_AT_ONCE, true);

  /// @param prefixPath what stands before `/v2/` in links to the next page, which are relative as
  ///   2.8.2's are
  ListingEndpoints(Registry registry, HttpSettings.Limits limits, String prefixPath) {
    this.registry = registry;
    this.limits = limits;
    this.prefixPath = prefixPath;
  }

  HttpResponse tags(ListTags request) {
    Page<Tag> page = registry.tags(request.repository(), request.page());
    HttpResponse answer = answer(JSON, body(request.repository(), page.items()));
    return page.more() && !page.items().isEmpty()
        ? linked(
            answer,
            new ListTags(
                request.repository(), after(request.page().limit(), page.items().getLast())))
        : answer;
  }

  private byte[] body(RepositoryName repository, List<Tag> tags) {
    if (ListBody.sizeOf(repository, tags) <= LARGE_BYTES) {
      return ListBody.tags(repository, tags);
    }
    return amongFew(() -> ListBody.tags(repository, tags));
  }

  private <T> T amongFew(Supplier<T> work) {
    try {
      if (!large.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new RegistryException(ErrorCode.UNAVAILABLE, "too many large lists at one time");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new RegistryException(ErrorCode.UNAVAILABLE, "the server stops");
    }
    try {
      return work.get();
    } finally {
      large.release();
    }
  }

  HttpResponse catalog(Catalog request) {
    int limit = catalogLimit(request.page().limit());
    // A walk through folders that may hold any number of names.
    Page<RepositoryName> page =
        amongFew(
            () ->
                registry.repositories(
                    new PageRequest(OptionalInt.of(limit), request.page().last())));
    HttpResponse answer = answer(JSON, ListBody.repositories(page.items()));
    return page.more() && !page.items().isEmpty()
        ? linked(answer, new Catalog(after(OptionalInt.of(limit), page.items().getLast())))
        : answer;
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
  HttpResponse referrers(ListReferrers request) {
    List<Descriptor> all =
        new ArrayList<>(registry.referrers(request.repository(), request.subject()));
    Optional<String> type = request.artifactType();
    all.removeIf(
        referrer -> type.isPresent() && !referrer.artifactType().orElse("").equals(type.get()));
    Optional<String> last = request.page().last();
    all.removeIf(
        referrer -> last.isPresent() && referrer.digest().toString().compareTo(last.get()) <= 0);
    all.sort(Comparator.comparing(referrer -> referrer.digest().toString()));
    int count = fitting(all, request.page().limit());
    List<Descriptor> shown = all.subList(0, count);
    HttpResponse answer = answer(MediaType.OCI_INDEX.value(), ListBody.referrers(shown));
    if (type.isPresent()) {
      answer = answer.with("OCI-Filters-Applied", "artifactType");
    }
    return count < all.size() && count > 0
        ? linked(
            answer,
            new ListReferrers(
                request.repository(),
                request.subject(),
                type,
                after(request.page().limit(), shown.getLast().digest())))
        : answer;
  }

  /// How many of the first referrers go into one answer: at least one, unless none is asked for.
  private int fitting(List<Descriptor> referrers, OptionalInt limit) {
    int most = Math.min(referrers.size(), limit.orElse(Integer.MAX_VALUE));
    long bytes = 0;
    for (int i = 0; i < most; i++) {
      bytes += ListBody.sizeOf(referrers.get(i));
      if (bytes > limits.referrersBytes() && i > 0) {
        return i;
      }
    }
    return most;
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
