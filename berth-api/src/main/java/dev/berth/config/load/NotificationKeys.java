package dev.berth.config.load;

import static dev.berth.config.load.ValueTypes.BOOLEAN;
import static dev.berth.config.load.ValueTypes.DURATION;
import static dev.berth.config.load.ValueTypes.INTEGER;
import static dev.berth.config.load.ValueTypes.SECRET;
import static dev.berth.config.load.ValueTypes.SECRET_HEADERS;
import static dev.berth.config.load.ValueTypes.SIZE;
import static dev.berth.config.load.ValueTypes.TEXT;

import dev.berth.config.DataSize;
import dev.berth.config.EventQueueConfig;
import dev.berth.config.NotificationsConfig;
import dev.berth.config.NotificationsConfig.Endpoint;
import dev.berth.config.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keys under `notifications` and `berth.notifications`. As in registry 2.8.2 a time or threshold
/// of 0 stands for the default.
final class NotificationKeys {
  private static final EventQueueConfig QUEUES = EventQueueConfig.DEFAULTS;
  private static final String LIST = "notifications.endpoints";
  private static final String ITEM = LIST + "[].";

  private static final Key<Boolean> REFERENCES =
      Key.of(
          "notifications.events.includereferences",
          BOOLEAN,
          NotificationsConfig.DEFAULTS.includeReferences(),
          "Adds to events of a manifest what it refers to.");
  private static final Section ENDPOINTS =
      new Section(
          LIST + "[]", "Who is told of pushes, pulls, mounts and deletes.", Support.SUPPORTED);
  private static final Key<String> NAME =
      Key.part(
          ITEM + "name", TEXT, "For logs and numbers. What waits on the store is found by it.");
  private static final Key<Boolean> DISABLED =
      Key.part(ITEM + "disabled", BOOLEAN, "Leaves this endpoint out.");
  private static final Key<Secret> URL =
      Key.part(ITEM + "url", SECRET, "Where events are sent, with http or https. Never shown.");
  private static final Key<Map<String, List<String>>> HEADERS =
      Key.part(ITEM + "headers", SECRET_HEADERS, "Sent with each event. Never shown.");
  private static final Key<Duration> TIMEOUT =
      Key.part(ITEM + "timeout", DURATION, "How long one try may take; 0 or none: `1s`.");
  private static final Key<Integer> THRESHOLD =
      Key.part(
          ITEM + "threshold",
          INTEGER,
          "After so many failures in a row each try waits for `backoff`; 0 or none: 10.");
  private static final Key<Duration> BACKOFF =
      Key.part(ITEM + "backoff", DURATION, "That wait; 0 or none: `1s`.");
  private static final Key<List<String>> IGNORED_MEDIA_TYPES =
      Key.part(
          ITEM + "ignoredmediatypes",
          ValueTypes.listOf(TEXT),
          "Old name of `ignore.mediatypes`; both count.");
  private static final Key<List<String>> IGNORE_MEDIA_TYPES =
      Key.part(
          ITEM + "ignore.mediatypes",
          ValueTypes.listOf(TEXT),
          "Events of these media types are not sent.");
  private static final Key<List<String>> IGNORE_ACTIONS =
      Key.part(
          ITEM + "ignore.actions",
          ValueTypes.listOf(TEXT),
          "Events of these actions are not sent: `push`, `pull`, `mount`, `delete`.");

  private static final Key<DataSize> QUEUE =
      Key.of(
          "berth.notifications.queue",
          SIZE,
          QUEUES.queue(),
          "Most that waits on the store for one endpoint of one process; the oldest become dead letters.");
  private static final Key<DataSize> MEMORY =
      Key.of(
          "berth.notifications.memory",
          SIZE,
          QUEUES.memory(),
          "Most that waits in memory for one endpoint, where the store is full, slow or read-only; what is"
              + " more is dropped and counted.");
  private static final Key<DataSize> DEAD_LETTERS =
      Key.of(
          "berth.notifications.deadletters",
          SIZE,
          QUEUES.deadLetters(),
          "Most that is kept on the store of one endpoint's dead letters; 0 keeps none.");
  private static final Key<Duration> GIVE_UP_AFTER =
      Key.of(
          "berth.notifications.giveupafter",
          DURATION,
          QUEUES.giveUpAfter(),
          "An event of this age becomes a dead letter; 0 tries for ever, as 2.8.2 does.");

  static final List<SchemaEntry> ALL =
      List.of(
          REFERENCES,
          ENDPOINTS,
          NAME,
          DISABLED,
          URL,
          HEADERS,
          TIMEOUT,
          THRESHOLD,
          BACKOFF,
          IGNORED_MEDIA_TYPES,
          IGNORE_MEDIA_TYPES,
          IGNORE_ACTIONS,
          QUEUE,
          MEMORY,
          DEAD_LETTERS,
          GIVE_UP_AFTER);

  private static final List<String> ACTIONS = List.of("push", "pull", "mount", "delete");

  private NotificationKeys() {}

  static NotificationsConfig read(Settings settings) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (Settings item : settings.items(LIST)) {
      if (!Boolean.TRUE.equals(item.find(DISABLED))) {
        Endpoint endpoint = endpoint(item);
        if (endpoint != null) {
          endpoints.add(endpoint);
        }
      }
    }
    return new NotificationsConfig(settings.get(REFERENCES), endpoints);
  }

  static EventQueueConfig queues(Settings settings) {
    return settings.build(
        "berth.notifications",
        QUEUES,
        () ->
            new EventQueueConfig(
                settings.get(QUEUE),
                settings.get(MEMORY),
                settings.get(DEAD_LETTERS),
                settings.get(GIVE_UP_AFTER)));
  }

  private static @Nullable Endpoint endpoint(Settings item) {
    URI url = url(item);
    return url == null
        ? null
        : item.<@Nullable Endpoint>build(
            LIST + "[]",
            null,
            () ->
                new Endpoint(
                    orElse(item.find(NAME), ""),
                    url,
                    orElse(item.find(HEADERS), Map.of()),
                    orDefault(item.find(TIMEOUT), Endpoint.DEFAULT_TIMEOUT),
                    threshold(item.find(THRESHOLD)),
                    orDefault(item.find(BACKOFF), Endpoint.DEFAULT_BACKOFF),
                    mediaTypes(item),
                    actions(item)));
  }

  /// Registry 2.8.2 passes over one that there is not, and so over a misspelt one.
  private static Set<String> actions(Settings item) {
    Set<String> actions = Set.copyOf(orElse(item.find(IGNORE_ACTIONS), List.of()));
    for (String action : actions) {
      if (!ACTIONS.contains(action)) {
        item.report()
            .warning(
                item.origin(IGNORE_ACTIONS.path()),
                IGNORE_ACTIONS.path(),
                "\"" + action + "\" is no action; there are " + String.join(", ", ACTIONS));
      }
    }
    return actions;
  }

  private static @Nullable URI url(Settings item) {
    Secret given = item.find(URL);
    if (given == null || given.value().isBlank()) {
      Node node = item.node(URL.path());
      if (node == null || node.isEmpty()) {
        item.report()
            .problem(
                item.root().origin(), URL.path(), "missing; give it, or set disabled: true here");
      }
      return null;
    }
    try {
      return new URI(given.value().strip());
    } catch (URISyntaxException e) {
      item.report()
          .problem(
              item.origin(URL.path()),
              URL.path(),
              "not a URL (not shown); percent-encode what is special in a name or password");
      return null;
    }
  }

  private static Set<String> mediaTypes(Settings item) {
    Set<String> all = new HashSet<>(orElse(item.find(IGNORED_MEDIA_TYPES), List.of()));
    all.addAll(orElse(item.find(IGNORE_MEDIA_TYPES), List.of()));
    return all;
  }

  private static <T> T orElse(@Nullable T value, T fallback) {
    return value == null ? fallback : value;
  }

  private static Duration orDefault(@Nullable Duration given, Duration fallback) {
    return given == null || given.isZero() ? fallback : given;
  }

  private static int threshold(@Nullable Integer given) {
    return given == null || given == 0 ? Endpoint.DEFAULT_THRESHOLD : given;
  }
}
