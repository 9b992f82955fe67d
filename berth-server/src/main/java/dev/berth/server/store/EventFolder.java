package dev.berth.server.store;

import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageWriter;
import java.util.List;

/// The folder of one process below `berth/events`, held by this one until it is closed.
public final class EventFolder implements AutoCloseable {
  private final StorageDriver driver;
  private final String replica;
  private final StorageWriter hold;

  EventFolder(StorageDriver driver, String replica, StorageWriter hold) {
    this.driver = driver;
    this.replica = replica;
    this.hold = hold;
  }

  public String replica() {
    return replica;
  }

  /// Says to other machines that the owner lives.
  public void beat() {
    driver.touch(StoreLayout.eventOwner(replica));
  }

  /// The endpoints that events wait for.
  public List<String> queues() {
    return driver.list(StoreLayout.eventReplica(replica)).orElse(List.of()).stream()
        .filter(name -> name.indexOf('.') > 0)
        .map(name -> name.substring(0, name.indexOf('.')))
        .distinct()
        .toList();
  }

  /// The queue of one endpoint, with what is in it.
  ///
  /// @param segmentBytes a new file is begun when one has so many
  public EventLog open(String queue, long segmentBytes) {
    return EventLog.open(driver, replica, queue, segmentBytes);
  }

  /// Removes the folder if nothing waits in it, and gives it up.
  public void removeIfEmpty() {
    if (queues().isEmpty()) {
      driver.discard(StoreLayout.eventReplica(replica));
    }
    close();
  }

  /// Leaves the folder for whoever takes it.
  @Override
  public void close() {
    hold.close();
  }
}
