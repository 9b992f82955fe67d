package dev.berth.server.events;

import static dev.berth.server.events.NotificationsFixture.QUEUES;
import static dev.berth.server.events.NotificationsFixture.await;
import static dev.berth.server.events.NotificationsFixture.deleted;
import static dev.berth.server.events.NotificationsFixture.endpoint;
import static dev.berth.server.events.NotificationsFixture.queues;
import static dev.berth.server.events.NotificationsFixture.start;
import static java.util.Comparator.comparingInt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.DataSize;
import dev.berth.config.EventQueueConfig;
import dev.berth.config.NotificationsConfig.Endpoint;
import dev.berth.server.QuietLog;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StoragePath;
import dev.berth.storage.faults.Fault;
import dev.berth.storage.faults.Faults;
import dev.berth.storage.faults.FaultyDriver;
import dev.berth.storage.memory.MemoryDriver;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NotificationsTest {
  private static final StoragePath EVENTS = new StoragePath("berth/events");

  private final StorageDriver driver = new MemoryDriver(1L << 28, InstantSource.system());
  private final Logger log = Logger.getLogger("dev.berth.server.events");
  private EventReceiver receiver;

  NotificationsTest() throws IOException {
    receiver = EventReceiver.start();
  }

  @BeforeEach
  void expectFailures() {
    log.setLevel(Level.OFF);
  }

  @AfterEach
  void expectNone() {
    log.setLevel(null);
    receiver.close();
  }

  private static List<String> tell(Notifications notifications, int from, int to) {
    List<String> tags = IntStream.range(from, to).mapToObj(i -> "t" + i).toList();
    tags.forEach(tag -> notifications.witness().saw(deleted(tag)));
    return tags;
  }

  private List<String> folders() {
    return driver.list(EVENTS).orElse(List.of());
  }

  @Test
  void deliversInOrderAndLeavesNothing() throws InterruptedException {
    try (Notifications notifications = start(driver, QUEUES, true, endpoint("a", receiver.url()))) {
      List<String> sent = tell(notifications, 0, 200);

      await(() -> receiver.tags().size() >= 200);
      assertThat(receiver.tags()).isEqualTo(sent);
      await(() -> notifications.counts().getFirst().pending() == 0);
      EndpointCounts counts = notifications.counts().getFirst();
      assertThat(counts.events()).isEqualTo(200);
      assertThat(counts.successes()).isEqualTo(200);
      assertThat(counts.statuses()).containsExactly(Map.entry("200", 200L));
    }
    assertThat(folders()).isEmpty();
  }

  @Test
  void triesAgainUntilItIsTakenAndKeepsTheOrder() throws InterruptedException {
    receiver.answer(500);
    try (Notifications notifications = start(driver, QUEUES, true, endpoint("a", receiver.url()))) {
      List<String> sent = tell(notifications, 0, 20);
      await(() -> receiver.tries() > 4);
      receiver.answer(200);

      await(() -> receiver.tags().size() >= 20);
      assertThat(receiver.tags()).isEqualTo(sent);
      assertThat(notifications.counts().getFirst().failures()).isGreaterThan(3);
    }
  }

  @Test
  void aRedirectIsTakenForAYesAndNotFollowed() throws InterruptedException {
    receiver.answer(307);
    try (Notifications notifications = start(driver, QUEUES, true, endpoint("a", receiver.url()))) {
      tell(notifications, 0, 3);

      await(() -> notifications.counts().getFirst().successes() == 3);
      assertThat(receiver.tries()).isEqualTo(3);
    }
  }

  @Test
  void sendsHeadersAndTheLoginOfTheUrl() throws InterruptedException {
    URI url = URI.create(receiver.url().toString().replace("//", "//u:p%40ss@"));
    Endpoint endpoint =
        new Endpoint(
            "",
            url,
            Map.of("X-A", List.of("b", "c"), "Host", List.of("evil")),
            Duration.ofSeconds(5),
            1,
            Duration.ofMillis(10),
            Set.of(),
            Set.of());
    try (Notifications notifications = start(driver, QUEUES, true, endpoint)) {
      tell(notifications, 0, 1);

      await(() -> receiver.tags().size() == 1);
      assertThat(receiver.fields())
          .contains(
              "X-a: b",
              "X-a: c",
              "Content-type: application/vnd.docker.distribution.events.v1+json",
              "Authorization: Basic dTpwQHNz");
      assertThat(receiver.fields()).noneMatch(field -> field.contains("evil"));
      assertThat(notifications.counts().getFirst().endpoint())
          .isEqualTo("http://127.0.0.1:" + url.getPort());
    }
    try (Notifications two = start(driver, QUEUES, true, endpoint, endpoint)) {
      assertThat(two.counts())
          .extracting(EndpointCounts::endpoint)
          .containsExactly(
              "http://127.0.0.1:" + url.getPort(), "http://127.0.0.1:" + url.getPort() + "-2");
    }
  }

  @Test
  void whatWaitsAtTheEndIsDeliveredByTheNextProcess() throws InterruptedException {
    receiver.answer(503);
    List<String> sent;
    try (Notifications first = start(driver, QUEUES, true, endpoint("a", receiver.url()))) {
      sent = new ArrayList<>(tell(first, 0, 50));
    }
    receiver.answer(200);
    try (Notifications second = start(driver, QUEUES, true, endpoint("a", receiver.url()))) {
      sent.addAll(tell(second, 50, 60));

      await(() -> receiver.tags().size() >= 60);
      assertThat(receiver.tags()).isEqualTo(sent);
    }
    assertThat(folders()).isEmpty();
  }

  @Test
  void theQueueOfALivingProcessIsLeftAlone() throws InterruptedException {
    receiver.answer(503);
    Notifications first = start(driver, QUEUES, true, endpoint("a", receiver.url()));
    List<String> sent = tell(first, 0, 10);
    try (EventReceiver other = EventReceiver.start();
        Notifications second = start(driver, QUEUES, true, endpoint("a", other.url()))) {
      second.witness().saw(deleted("own"));
      await(() -> other.tags().size() == 1);
      assertThat(other.tags()).containsExactly("own");

      first.close();
      await(() -> other.tags().size() == 11);
      assertThat(other.tags().subList(1, 11)).isEqualTo(sent);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatNobodyIsConfiguredForStaysOnTheStore() {
    receiver.answer(503);
    try (Notifications first = start(driver, QUEUES, true, endpoint("old", receiver.url()))) {
      tell(first, 0, 10);
    }
    try (Notifications _ = start(driver, QUEUES, true, endpoint("new", receiver.url()))) {
      assertThat(folders()).hasSize(2);
    }
    assertThat(folders()).hasSize(1);
  }

  /// Nothing here measures time: with a wait for the endpoint this would never end.
  @Test
  void anEndpointThatNeverAnswersHoldsUpNoRequestAndNoOther() throws InterruptedException {
    receiver.hang(true);
    Endpoint deaf =
        new Endpoint(
            "deaf",
            receiver.url(),
            Map.of(),
            Duration.ofHours(1),
            10,
            Duration.ofSeconds(1),
            Set.of(),
            Set.of());
    try (EventReceiver other = EventReceiver.start();
        Notifications notifications =
            start(driver, QUEUES, true, deaf, endpoint("other", other.url()))) {
      List<String> sent = tell(notifications, 0, 300);

      await(() -> other.tags().size() == 300);
      assertThat(other.tags()).isEqualTo(sent);
      assertThat(notifications.counts().getFirst().pending()).isEqualTo(300);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatTheQueueHasNoRoomForAreDeadLettersTheOldestFirst() throws InterruptedException {
    receiver.answer(500);
    int count = 1000;
    List<String> sent;
    try (Notifications notifications =
        start(driver, queues(64, 4096), true, endpoint("a", receiver.url()))) {
      sent = new ArrayList<>();
      for (int i = 0; i < count; i += 50) {
        sent.addAll(tell(notifications, i, i + 50));
        await(() -> notifications.counts().getFirst().pending() < 400);
      }
      long dead = notifications.counts().getFirst().deadLetters();
      assertThat(dead).isBetween(300L, (long) count);
      receiver.answer(200);
      await(() -> notifications.counts().getFirst().pending() == 0);
      assertThat(notifications.counts().getFirst().dropped()).isZero();
    }
    assertThat(receiver.tags()).isNotEmpty();
    assertThat(deadTags()).startsWith("t0", "t1").isSortedAccordingTo(comparingInt(sent::indexOf));
    assertThat(receiver.tags()).isSortedAccordingTo(comparingInt(sent::indexOf));
    List<String> all = new ArrayList<>(deadTags());
    all.addAll(receiver.tags());
    assertThat(all).containsExactlyInAnyOrderElementsOf(sent);
  }

  private List<String> deadTags() {
    StoragePath dead = EVENTS.resolve("dead");
    StringBuilder text = new StringBuilder();
    for (String name : driver.list(dead).orElse(List.of())) {
      text.append(
          new String(
              driver.read(dead.resolve(name), 1 << 24).orElseThrow(), StandardCharsets.UTF_8));
    }
    return Pattern.compile("\"tag\":\"([^\"]*)\"")
        .matcher(text)
        .results()
        .map(NotificationsTest::one)
        .toList();
  }

  private static String one(MatchResult match) {
    return match.group(1);
  }

  @Test
  void whatIsTooOldIsADeadLetter() throws InterruptedException {
    receiver.answer(500);
    var impatient =
        new EventQueueConfig(
            QUEUES.queue(), QUEUES.memory(), DataSize.ofMebibytes(1), Duration.ofMillis(1));
    try (Notifications notifications =
        start(driver, impatient, true, endpoint("a", receiver.url()))) {
      List<String> sent = tell(notifications, 0, 5);

      await(() -> notifications.counts().getFirst().deadLetters() == 5);
      assertThat(deadTags()).isEqualTo(sent);
    }
  }

  @Test
  void onAReadOnlyStoreEventsAreInMemoryAndBounded() throws InterruptedException {
    receiver.answer(500);
    try (Notifications notifications =
        start(driver, queues(64, 64), false, endpoint("a", receiver.url()))) {
      tell(notifications, 0, 500);
      EndpointCounts counts = notifications.counts().getFirst();
      assertThat(counts.dropped()).isBetween(400L, 499L);
      receiver.answer(200);

      await(() -> notifications.counts().getFirst().pending() == 0);
      assertThat(receiver.tags()).hasSize((int) (500 - counts.dropped())).startsWith("t0", "t1");
    }
    assertThat(folders()).isEmpty();
  }

  @Test
  void onAFullStoreEventsAreDeliveredFromMemoryAndThenFromTheStoreAgain()
      throws InterruptedException {
    var faults = new Faults(7);
    try (Notifications notifications =
        start(new FaultyDriver(driver, faults), QUEUES, true, endpoint("a", receiver.url()))) {
      List<String> sent = new ArrayList<>(tell(notifications, 0, 5));
      faults.at(1, Fault.NO_SPACE, Fault.SHORT_WRITE);
      sent.addAll(tell(notifications, 5, 50));
      await(() -> receiver.tags().size() == 50);
      faults.at(0);
      sent.addAll(tell(notifications, 50, 60));

      await(() -> receiver.tags().size() == 60);
      assertThat(receiver.tags()).isEqualTo(sent);
      assertThat(notifications.counts().getFirst().dropped()).isZero();
    }
  }

  @Test
  void losesNothingAndKeepsTheOrderWhenCallsFailAtRandom() throws InterruptedException {
    long seed = Long.getLong("berth.seed", System.nanoTime());
    var faults = new Faults(seed);
    try (Notifications notifications =
        start(new FaultyDriver(driver, faults), QUEUES, true, endpoint("a", receiver.url()))) {
      faults.at(0.1, Fault.values());
      List<String> sent = tell(notifications, 0, 300);
      faults.at(0);

      await(() -> receiver.tags().containsAll(sent));
      assertThat(receiver.tags().stream().distinct()).isEqualTo(sent);
    }
  }

  /// The one that is being delivered too: it is on the store nowhere.
  @Test
  void whatIsLostAtTheEndIsCounted() throws InterruptedException {
    receiver.hang(true);
    log.setLevel(null);
    try (QuietLog quiet = new QuietLog()) {
      try (Notifications notifications =
          start(driver, QUEUES, false, endpoint("a", receiver.url()))) {
        tell(notifications, 0, 3);
        await(() -> receiver.tries() == 1);
      }
      assertThat(quiet.messages()).anyMatch(line -> line.contains("3 events are lost"));
    }
  }

  @Test
  void whatCannotBecomeADeadLetterIsDropped() throws InterruptedException {
    receiver.answer(500);
    var impatient =
        new EventQueueConfig(
            QUEUES.queue(), QUEUES.memory(), DataSize.ofMebibytes(1), Duration.ofMillis(1));
    var faults = new Faults(1);
    try (Notifications notifications =
        start(new FaultyDriver(driver, faults), impatient, true, endpoint("a", receiver.url()))) {
      faults.at(1, Fault.IO_ERROR, Fault.NO_SPACE);
      tell(notifications, 0, 2);

      await(() -> notifications.counts().getFirst().pending() == 0);
      EndpointCounts counts = notifications.counts().getFirst();
      assertThat(counts.dropped()).isEqualTo(2);
      assertThat(counts.deadLetters()).isZero();
    }
  }
}
