package dev.berth.server.http;

import dev.berth.oci.Descriptor;
import dev.berth.oci.Digest;
import dev.berth.oci.ErrorCode;
import dev.berth.oci.PageRequest;
import dev.berth.oci.ReferrerVisitor;
import dev.berth.oci.RegistryException;
import dev.berth.oci.wire.ListBody;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/// Picks one page out of the referrers that are shown to it: those that come first in the order of
/// their digests, as many as are asked for and fit an answer.
final class ReferrerPage implements ReferrerVisitor {
  /// What a referrer takes in memory beside its text, about; no more than a short text.
  private static final int OVERHEAD_BYTES = 200;

  /// Every thread may have so much.
  private static final int SMALL_BYTES = 32 << 10;

  private final TreeMap<String, byte[]> kept = new TreeMap<>();
  private final String after;
  private final int mostReferrers;
  private final int mostBytes;
  private final Optional<String> artifactType;
  private final Runnable beforeMuch;
  private final BooleanSupplier over;
  private long bytes;
  private boolean more;
  private boolean much;

  /// @param mostBytes of the answer; a page with a single referrer may have more
  /// @param artifactType of those that are asked for; empty for all
  /// @param beforeMuch run once, before more is kept than a small answer has; may throw
  /// @param over whether nobody waits for the page any more; then an exception ends the listing
  ReferrerPage(
      PageRequest page,
      int mostBytes,
      Optional<String> artifactType,
      Runnable beforeMuch,
      BooleanSupplier over) {
    this.after = page.last().orElse("");
    this.mostReferrers = page.limit().orElse(Integer.MAX_VALUE);
    this.mostBytes = mostBytes;
    this.artifactType = artifactType;
    this.beforeMuch = beforeMuch;
    this.over = over;
  }

  @Override
  public boolean wants(Digest digest) {
    if (over.getAsBoolean()) {
      throw new RegistryException(ErrorCode.UNAVAILABLE, "nobody waits for the list any more");
    }
    String name = digest.toString();
    return name.compareTo(after) > 0
        && !kept.containsKey(name)
        && !(more && (kept.isEmpty() || name.compareTo(kept.lastKey()) > 0));
  }

  @Override
  public void visit(Descriptor referrer) {
    boolean asked =
        artifactType.isEmpty() || referrer.artifactType().orElse("").equals(artifactType.get());
    if (!asked || !wants(referrer.digest())) {
      return;
    }
    byte[] body = ListBody.referrer(referrer);
    bytes += body.length + 1;
    if (bytes + (long) kept.size() * OVERHEAD_BYTES > SMALL_BYTES && !much) {
      much = true;
      beforeMuch.run();
    }
    kept.put(referrer.digest().toString(), body);
    while (kept.size() > mostReferrers || (bytes > mostBytes && kept.size() > 1)) {
      bytes -= kept.pollLastEntry().getValue().length + 1;
      more = true;
    }
  }

  /// Whether there are referrers after those picked.
  boolean more() {
    return more;
  }

  /// The digest of the last one; empty where none was picked.
  Optional<String> last() {
    return kept.isEmpty() ? Optional.empty() : Optional.of(kept.lastKey());
  }

  /// In order, as [ListBody#referrers] takes them.
  Collection<byte[]> referrers() {
    return kept.values();
  }
}
