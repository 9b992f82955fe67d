package dev.berth.server.store;

import dev.berth.oci.RepositoryName;
import dev.berth.oci.UploadId;
import dev.berth.oci.UploadSession;
import dev.berth.storage.FileInfo;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageException;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Removes upload sessions that nobody will finish: begun longer ago than the age, and without a
/// byte for a day.
public final class UploadPurger {
  private static final System.Logger LOG = System.getLogger(UploadPurger.class.getName());
  private static final Duration QUIET = Duration.ofHours(24);

  private final StorageDriver driver;
  private final UploadStore uploads;
  private final RepositoryTree tree;
  private final Clock clock;

  UploadPurger(StorageDriver driver, UploadStore uploads, RepositoryTree tree, Clock clock) {
    this.driver = driver;
    this.uploads = uploads;
    this.tree = tree;
    this.clock = clock;
  }

  /// One pass over all repositories.
  ///
  /// @param age sessions younger than this stay
  /// @param dryRun only log what would go
  /// @return how many sessions went, or would go
  public int purge(Duration age, boolean dryRun) {
    int[] purged = {0};
    tree.everyFolder(
        repository -> {
          try {
            purged[0] += purge(repository, age, dryRun);
          } catch (StorageException e) {
            LOG.log(
                Level.WARNING, "uploads of {0} cannot be purged: {1}", repository, e.getMessage());
          }
          return true;
        });
    return purged[0];
  }

  private int purge(RepositoryName repository, Duration age, boolean dryRun) {
    int purged = 0;
    for (String name : names(repository)) {
      Optional<UploadId> id = UploadId.tryParse(name);
      if (id.isPresent() && isAbandoned(repository, id.get(), age)) {
        LOG.log(Level.INFO, "purging upload {0}/{1} dryrun={2}", repository, name, dryRun);
        purged++;
        if (!dryRun) {
          uploads.discard(repository, id.get());
        }
      }
    }
    return purged;
  }

  private boolean isAbandoned(RepositoryName repository, UploadId id, Duration age) {
    Instant now = clock.instant();
    Optional<Instant> lastByte = uploads.lastWrite(repository, id);
    // A session of Berth's has a start; what has none is measured by its last sign of life.
    Instant begun =
        uploads
            .find(repository, id)
            .map(UploadSession::startedAt)
            .filter(time -> !time.equals(Instant.EPOCH))
            .or(() -> lastByte)
            .or(() -> driver.stat(StoreLayout.upload(repository, id)).map(FileInfo::modified))
            .orElse(now);
    return begun.isBefore(now.minus(age))
        && lastByte.orElse(begun).isBefore(now.minus(age.compareTo(QUIET) < 0 ? age : QUIET));
  }

  private List<String> names(RepositoryName repository) {
    return driver.list(StoreLayout.uploads(repository)).orElse(List.of());
  }
}
