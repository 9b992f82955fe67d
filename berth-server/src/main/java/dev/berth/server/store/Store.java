package dev.berth.server.store;

import dev.berth.config.SpaceConfig;
import dev.berth.storage.StorageDriver;
import java.time.Clock;
import java.util.random.RandomGenerator;

/// The parts of an opened store, ready for use. The driver is somebody else's to close.
public final class Store {
  private static final byte[] PROBE_CONTENT = {'\n'};

  private final StorageDriver driver;
  private final StoreFormat format;
  private final RandomGenerator random;
  private final boolean writable;
  private final BlobStore blobs;
  private final ManifestStore manifests;
  private final TagStore tags;
  private final UploadStore uploads;
  private final RepositoryTree repositories;
  private final UploadPurger purger;
  private final SpaceGuard space;
  private final EventFolders events;

  private Store(
      StorageDriver driver,
      SpaceConfig limits,
      Clock clock,
      RandomGenerator random,
      boolean writable) {
    Links links = new Links(driver);
    this.driver = driver;
    this.random = random;
    this.writable = writable;
    format = new StoreFormat(driver);
    blobs = new BlobStore(driver, links);
    manifests = new ManifestStore(driver, links, blobs);
    tags = new TagStore(driver, links, blobs);
    uploads = new UploadStore(driver, clock, random);
    repositories = new RepositoryTree(driver);
    purger = new UploadPurger(driver, uploads, repositories, clock);
    space = new SpaceGuard(driver, limits);
    events = new EventFolders(driver);
  }

  /// Opens a store: checks its format and marks a new one. The reserve is set aside by
  /// [SpaceGuard#refill].
  ///
  /// @param random makes upload ids and the secret; must not be guessable
  /// @param writable false: nothing is written, and a mark or secret that is missing stays so
  /// @throws UnusableStoreException with one line for the operator
  public static Store open(
      StorageDriver driver,
      SpaceConfig limits,
      Clock clock,
      RandomGenerator random,
      boolean writable) {
    Store store = new Store(driver, limits, clock, random, writable);
    store.format.check(writable);
    return store;
  }

  public BlobStore blobs() {
    return blobs;
  }

  public ManifestStore manifests() {
    return manifests;
  }

  public TagStore tags() {
    return tags;
  }

  public UploadStore uploads() {
    return uploads;
  }

  public RepositoryTree repositories() {
    return repositories;
  }

  public UploadPurger purger() {
    return purger;
  }

  public SpaceGuard space() {
    return space;
  }

  public EventFolders events() {
    return events;
  }

  /// The secret that all processes on this store share; see `docs/storage-format.md`. Where there
  /// is none and nothing may be written, one for this process: no upload can begin there.
  public byte[] secret() {
    return format.secret(random, writable);
  }

  /// Whether files are read from a disk of this machine, or from memory, without asking others.
  public boolean isOnThisMachine() {
    return driver.traits().tellsVersions();
  }

  /// Whether the store answers: looks at its root, as registry 2.8.2's storage health check does.
  ///
  /// @throws dev.berth.storage.StorageException it does not
  public void probe() {
    driver.space();
    driver.stat(StoreLayout.REPOSITORIES);
  }

  /// Whether the store can be written to: replaces a file of no meaning, durably.
  ///
  /// @throws dev.berth.storage.StorageException it cannot
  public void probeWriting() {
    driver.put(StoreLayout.PROBE, PROBE_CONTENT);
  }
}
