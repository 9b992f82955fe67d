package dev.berth.server.store;

import dev.berth.storage.StoragePath;
import java.util.LinkedHashMap;
import java.util.Map;

/// Which file of an upload this process made last: it alone goes on writing there. Forgetting one
/// costs a segment more, so that the number is bounded. Safe for use by many threads.
final class OwnFiles {
  private static final int MOST = 1 << 16;

  private final Map<StoragePath, StoragePath> files =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<StoragePath, StoragePath> eldest) {
          return size() > MOST;
        }
      };

  synchronized void add(StoragePath upload, StoragePath file) {
    files.put(upload, file);
  }

  synchronized boolean has(StoragePath upload, StoragePath file) {
    return file.equals(files.get(upload));
  }

  synchronized void forget(StoragePath upload) {
    files.remove(upload);
  }
}
