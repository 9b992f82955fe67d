package dev.berth.server.registry;

import dev.berth.oci.Descriptor;
import dev.berth.oci.Digest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The referrers of one subject while they are collected, with bounds on what a client wrote into
/// them: all of them are in memory at one time.
final class ReferrerList {
  /// Characters of the annotations of one referrer; it is listed without those if there are more.
  static final int MAX_ANNOTATIONS = 64 << 10;

  /// Characters of all annotations; further referrers are listed without theirs.
  static final int MAX_ALL_ANNOTATIONS = 8 << 20;

  /// Characters of an artifact type, four times what RFC 6838 allows; a longer one is not shown.
  private static final int MAX_ARTIFACT_TYPE = 1024;

  private final Map<Digest, Descriptor> found = new LinkedHashMap<>();
  private int annotations;

  boolean contains(Digest digest) {
    return found.containsKey(digest);
  }

  void add(Descriptor referrer) {
    long length = 0;
    for (Map.Entry<String, String> entry : referrer.annotations().entrySet()) {
      length += entry.getKey().length() + entry.getValue().length();
    }
    boolean kept = length <= MAX_ANNOTATIONS && annotations + length <= MAX_ALL_ANNOTATIONS;
    Optional<String> type =
        referrer.artifactType().filter(text -> text.length() <= MAX_ARTIFACT_TYPE);
    if (kept) {
      annotations += (int) length;
    }
    found.put(
        referrer.digest(),
        new Descriptor(
            referrer.mediaType(),
            referrer.digest(),
            referrer.size(),
            type,
            kept ? referrer.annotations() : Map.of()));
  }

  /// In the order of their digests.
  List<Descriptor> sorted() {
    List<Descriptor> sorted = new ArrayList<>(found.values());
    sorted.sort(Comparator.comparing(descriptor -> descriptor.digest().toString()));
    return List.copyOf(sorted);
  }
}
