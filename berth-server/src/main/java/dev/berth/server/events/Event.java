package dev.berth.server.events;

import dev.berth.oci.Digest;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One thing that happened, as endpoints are told of it.
///
/// @param actor who was proved to have done it; empty for nobody in particular
record Event(
    UUID id, Instant timestamp, Action action, Target target, Request request, String actor) {

  /// About what an event takes in memory, without references.
  private static final int WEIGHT = 1024;

  private static final int WEIGHT_OF_REFERENCE = 512;

  /// What it was done to.
  ///
  /// @param mediaType empty where it is not known
  /// @param size 0 where it is not known
  /// @param digest null for a tag alone
  /// @param from where it was mounted from
  /// @param url empty where there is nothing to fetch
  /// @param references what a manifest refers to; empty where nobody asked
  record Target(
      String mediaType,
      long size,
      @Nullable Digest digest,
      RepositoryName repository,
      @Nullable RepositoryName from,
      String url,
      @Nullable Tag tag,
      List<Reference> references) {}

  /// One descriptor in a manifest.
  record Reference(
      String mediaType,
      long size,
      String digest,
      List<String> urls,
      Map<String, String> annotations) {}

  /// The request that did it.
  record Request(String id, String addr, String host, String method, String userAgent) {}

  /// About how many bytes of memory it takes.
  int weight() {
    return WEIGHT
        + 2 * (request.userAgent().length() + request.host().length() + target.url().length())
        + WEIGHT_OF_REFERENCE * target.references().size();
  }
}
