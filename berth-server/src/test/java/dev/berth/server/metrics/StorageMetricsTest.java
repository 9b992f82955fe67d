package dev.berth.server.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageDriver.Appending;
import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.faults.Fault;
import dev.berth.storage.faults.Faults;
import dev.berth.storage.faults.FaultyDriver;
import dev.berth.storage.faults.Operation;
import dev.berth.storage.memory.MemoryDriver;
import dev.berth.storage.watched.WatchedDriver;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class StorageMetricsTest {
  private static final StoragePath FILE = new StoragePath("a/b");

  private final Metrics metrics = new Metrics();
  private final Faults faults = new Faults(1);
  private final StorageDriver driver =
      new WatchedDriver(
          new FaultyDriver(new MemoryDriver(1L << 20, InstantSource.system()), faults),
          new StorageMetrics("inmemory", metrics));

  private List<String> lines() {
    return new String(metrics.text(), UTF_8).lines().toList();
  }

  private static String count(String action, int count) {
    return "registry_storage_action_seconds_count{action=\"%s\",driver=\"inmemory\"} %d"
        .formatted(action, count);
  }

  @Test
  void countsUnderTheActionsOfTheOldRegistry() {
    driver.put(FILE, new byte[1]);
    driver.putVolatile(FILE, new byte[1]);
    driver.stat(FILE);
    driver.read(FILE, 1);
    driver.list(new StoragePath("a"));
    driver.open(FILE).orElseThrow().close();
    if (driver.append(FILE) instanceof Appending.Open(var writer)) {
      writer.sync();
      writer.close();
    }
    driver.move(FILE, new StoragePath("a/c"));
    driver.delete(FILE);

    assertThat(lines())
        .contains(
            count("PutContent", 2),
            count("Stat", 1),
            count("GetContent", 1),
            count("List", 1),
            count("Reader", 1),
            count("Writer", 1),
            count("Sync", 1),
            count("Move", 1),
            count("Delete", 1),
            count("URLFor", 0),
            "berth_storage_failures_total{driver=\"inmemory\"} 0.0");
  }

  @Test
  void countsAndTimesWhatFails() {
    faults.on(Operation.PUT, 1, Fault.IO_ERROR);

    assertThatThrownBy(() -> driver.put(FILE, new byte[1]))
        .isInstanceOf(StorageException.Broken.class);

    assertThat(lines())
        .contains(count("PutContent", 1), "berth_storage_failures_total{driver=\"inmemory\"} 1.0");
  }

  @Test
  void showsTheRoomThatWasSeenLast() {
    assertThat(lines()).noneMatch(line -> line.startsWith("berth_storage_free_bytes "));

    var space = driver.space();

    assertThat(lines()).contains("berth_storage_free_bytes " + (double) space.usable());
  }
}
