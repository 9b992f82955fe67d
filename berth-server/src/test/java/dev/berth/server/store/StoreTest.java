package dev.berth.server.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.config.DataSize;
import dev.berth.config.SpaceConfig;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.UploadId;
import dev.berth.oci.UploadSession;
import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.memory.MemoryDriver;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class StoreTest {
  private static final long MIB = 1 << 20;
  private static final SpaceConfig NO_BOUND = new SpaceConfig(new DataSize(0), new DataSize(0));
  private static final RepositoryName REPOSITORY = new RepositoryName("a/b");

  private final MovableClock clock = new MovableClock();
  private final MemoryDriver driver = new MemoryDriver(10 * MIB, clock);

  private Store open(SpaceConfig space) {
    Store store = Store.open(driver, space, clock, new SecureRandom(), true);
    store.space().refill();
    return store;
  }

  @Test
  void sharesOneSecretBetweenAllThatOpenTheStore() {
    byte[] first = open(NO_BOUND).secret();

    assertThat(first).hasSize(64);
    assertThat(open(NO_BOUND).secret()).isEqualTo(first);
  }

  @Test
  void refusesAStoreOfANewerFormatAndADamagedMark() {
    driver.put(StoreLayout.FORMAT, "2\n".getBytes(UTF_8));
    assertThatThrownBy(() -> open(NO_BOUND))
        .isInstanceOf(UnusableStoreException.class)
        .hasMessageContaining("newer Berth");

    driver.put(StoreLayout.FORMAT, "what?".getBytes(UTF_8));
    assertThatThrownBy(() -> open(NO_BOUND))
        .isInstanceOf(UnusableStoreException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void refusesAFileWhereAFolderBelongs() {
    driver.put(new StoragePath("docker/registry"), "what?".getBytes(UTF_8));

    assertThatThrownBy(() -> open(NO_BOUND))
        .isInstanceOf(UnusableStoreException.class)
        .hasMessageContaining("docker/registry is a file where a folder belongs");
  }

  @Test
  void refusesUploadsBelowTheWatermark() {
    Store store = open(new SpaceConfig(new DataSize(0), DataSize.ofMebibytes(4)));
    assertThat(store.space().roomForUploads()).isTrue();

    driver.put(new StoragePath("filler"), new byte[(int) (7 * MIB)]);

    assertThat(store.space().roomForUploads()).isFalse();
  }

  @Test
  void givesUpTheReserveOnceForWorkThatFindsTheStoreFull() {
    Store store = open(new SpaceConfig(DataSize.ofMebibytes(1), new DataSize(0)));
    assertThat(driver.stat(StoreLayout.RESERVE)).isPresent();
    driver.put(new StoragePath("filler"), new byte[(int) driver.space().usable()]);

    store.space().withReserve(() -> write("first"));

    assertThat(driver.stat(new StoragePath("first"))).isPresent();
    assertThat(driver.stat(StoreLayout.RESERVE)).isEmpty();
    driver.put(new StoragePath("more"), new byte[(int) driver.space().usable()]);
    assertThatThrownBy(() -> store.space().withReserve(() -> write("second")))
        .isInstanceOf(StorageException.OutOfSpace.class);
  }

  private boolean write(String name) {
    driver.put(new StoragePath(name), new byte[1000]);
    return true;
  }

  @Test
  void setsTheReserveAsideAgainWhenThereIsRoom() {
    Store store = open(new SpaceConfig(DataSize.ofMebibytes(1), new DataSize(0)));
    driver.delete(StoreLayout.RESERVE);

    store.space().refill();

    assertThat(driver.stat(StoreLayout.RESERVE))
        .hasValueSatisfying(info -> assertThat(info.size()).isEqualTo(MIB));
  }

  @Test
  void purgesUploadsThatAreOldAndQuiet() {
    Store store = open(NO_BOUND);
    UploadSession old = store.uploads().start(REPOSITORY);
    clock.advance(Duration.ofDays(6));
    UploadSession young = store.uploads().start(REPOSITORY);
    clock.advance(Duration.ofDays(2));

    assertThat(store.purger().purge(Duration.ofDays(7), true)).isEqualTo(1);
    assertThat(store.uploads().find(REPOSITORY, old.id())).isPresent();
    assertThat(store.purger().purge(Duration.ofDays(7), false)).isEqualTo(1);

    assertThat(store.uploads().find(REPOSITORY, old.id())).isEmpty();
    assertThat(store.uploads().find(REPOSITORY, young.id())).isPresent();
  }

  @Test
  void keepsOldUploadsThatStillGrow() {
    Store store = open(NO_BOUND);
    UploadSession session = store.uploads().start(REPOSITORY);
    clock.advance(Duration.ofDays(8));
    driver.put(StoreLayout.uploadData(REPOSITORY, session.id()), new byte[10]);
    clock.advance(Duration.ofHours(23));

    assertThat(store.purger().purge(Duration.ofDays(7), false)).isZero();
  }

  @Test
  void purgesWhatAnotherRegistryLeftWithoutAStart() {
    Store store = open(NO_BOUND);
    UploadId id = new UploadId("left-behind");
    driver.put(StoreLayout.uploadData(REPOSITORY, id), new byte[10]);
    clock.advance(Duration.ofDays(8));

    assertThat(store.purger().purge(Duration.ofDays(7), false)).isEqualTo(1);
    assertThat(store.uploads().find(REPOSITORY, id)).isEmpty();
  }

  @Test
  void makesUploadIdsOfVersion8() {
    Store store = open(NO_BOUND);

    String id = store.uploads().start(REPOSITORY).id().value();

    assertThat(id).matches("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  }

  /// A clock that the test moves.
  private static final class MovableClock extends Clock implements InstantSource {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    void advance(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return Clock.fixed(now, zone);
    }
  }
}
