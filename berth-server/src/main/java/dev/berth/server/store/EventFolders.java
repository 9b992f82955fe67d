package dev.berth.server.store;

import dev.berth.storage.FileInfo;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageDriver.Appending;
import dev.berth.storage.StorageException;
import dev.berth.storage.StorageWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The folders below `berth/events`: one for each process that has, or had, events for its
/// endpoints, and the dead letters of all. Safe for use by many threads.
public final class EventFolders {
  private static final int MAX_OWNER_BYTES = 1024;

  private final StorageDriver driver;

  EventFolders(StorageDriver driver) {
    this.driver = driver;
  }

  /// Makes the folder of this process and holds it.
  ///
  /// @param replica a name that no other process has or had
  /// @param machine tells whose locks are seen here: equal on processes of one running kernel
  public EventFolder create(String replica, String machine) {
    driver.create(StoreLayout.eventOwner(replica), machine.getBytes(StandardCharsets.UTF_8));
    return take(replica)
        .orElseThrow(
            () ->
                new StorageException.Unavailable(
                    "another process took " + StoreLayout.eventReplica(replica), null));
  }

  /// The names of the processes that have a folder, living or not.
  public List<String> replicas() {
    return driver.list(StoreLayout.EVENTS).orElse(List.of()).stream()
        .filter(name -> !name.equals(StoreLayout.DEAD_LETTERS))
        .toList();
  }

  /// Whose folder it is; empty where it is gone.
  public Optional<Owner> findOwner(String replica) {
    Optional<FileInfo> info = driver.stat(StoreLayout.eventOwner(replica));
    return info.flatMap(
        file ->
            driver
                .read(StoreLayout.eventOwner(replica), MAX_OWNER_BYTES)
                .map(
                    bytes ->
                        new Owner(new String(bytes, StandardCharsets.UTF_8), file.modified())));
  }

  /// Holds the folder of another process, if nobody does. Whether its owner is on another machine,
  /// where locks may not be seen, is for the caller to know.
  public Optional<EventFolder> take(String replica) {
    return driver.append(StoreLayout.eventOwner(replica))
            instanceof Appending.Open(StorageWriter writer)
        ? Optional.of(new EventFolder(driver, replica, writer))
        : Optional.empty();
  }

  /// Keeps what an endpoint never got.
  ///
  /// @param bytes most that is kept, in all
  public DeadLetters deadLetters(String queue, long bytes) {
    return new DeadLetters(driver, queue, bytes);
  }

  /// Says who has a folder, and when it last said that it lives.
  public record Owner(String machine, Instant beat) {}
}
