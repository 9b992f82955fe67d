package dev.berth.server.registry;

import dev.berth.oci.ErrorCode;
import dev.berth.oci.RegistryException;
import dev.berth.oci.UploadId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Counts the upload sessions that clients of this process have open, so that nobody fills the
/// store with empty ones. A session that nobody touched for a while no longer counts.
final class OpenSessions {
  private static final long FORGOTTEN_NANOS = Duration.ofMinutes(10).toNanos();

  private final int max;

  /// In the order of the last touch.
  private final Map<UploadId, Long> touched = new LinkedHashMap<>();

  OpenSessions(int max) {
    this.max = max;
  }

  /// @throws RegistryException `TOOMANYREQUESTS` where too many are open
  synchronized void enter() {
    forget(System.nanoTime());
    if (touched.size() >= max) {
      throw new RegistryException(
          ErrorCode.TOOMANYREQUESTS,
          "too many uploads are open (" + max + "): finish or cancel some, or try again later");
    }
  }

  synchronized void opened(UploadId id) {
    touched.remove(id);
    touched.put(id, System.nanoTime());
  }

  /// Somebody goes on with a session, perhaps one that another process began: that counts too, as
  /// far as there is room.
  synchronized void touched(UploadId id) {
    if (touched.containsKey(id) || touched.size() < max) {
      opened(id);
    }
  }

  synchronized void ended(UploadId id) {
    touched.remove(id);
  }

  synchronized int open() {
    forget(System.nanoTime());
    return touched.size();
  }

  private void forget(long now) {
    var oldest = touched.values().iterator();
    while (oldest.hasNext() && now - oldest.next() > FORGOTTEN_NANOS) {
      oldest.remove();
    }
  }
}
