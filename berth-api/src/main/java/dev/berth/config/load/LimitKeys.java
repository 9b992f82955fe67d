package dev.berth.config.load;

import static dev.berth.config.load.ValueTypes.DURATION;
import static dev.berth.config.load.ValueTypes.INTEGER;
import static dev.berth.config.load.ValueTypes.SIZE;

import dev.berth.config.DataSize;
import dev.berth.config.Limits;
import dev.berth.config.Limits.Connections;
import dev.berth.config.Limits.Requests;
import dev.berth.config.Limits.Threads;
import java.time.Duration;
import java.util.List;

/// Keys under `berth.limits`.
final class LimitKeys {
  private static final String REQUESTS = "berth.limits.requests";
  private static final String THREADS = "berth.limits.threads";
  private static final String CONNECTIONS = "berth.limits.connections";

  private static final Key<DataSize> MANIFEST =
      size(REQUESTS, "manifest", Requests.DEFAULTS.manifest(), "Largest manifest; else 413.");
  private static final Key<DataSize> HEADERS =
      size(
          REQUESTS,
          "headers",
          Requests.DEFAULTS.headers(),
          "All header fields of a request together; else 431.");
  private static final Key<DataSize> URL =
      size(REQUESTS, "url", Requests.DEFAULTS.url(), "Path and query; else 414.");
  private static final Key<Integer> OPEN_UPLOADS =
      count(
          REQUESTS,
          "openuploads",
          Requests.DEFAULTS.openUploads(),
          "Uploads begun and not finished; more answer 429.");
  private static final Key<Integer> READ =
      count(THREADS, "read", Threads.DEFAULTS.read(), "Reading requests answered at once.");
  private static final Key<Integer> READ_QUEUE =
      count(
          THREADS,
          "readqueue",
          Threads.DEFAULTS.readQueue(),
          "Reading requests that wait; more answer 503.");
  private static final Key<Integer> WRITE =
      count(THREADS, "write", Threads.DEFAULTS.write(), "Writing requests answered at once.");
  private static final Key<Integer> WRITE_QUEUE =
      count(
          THREADS,
          "writequeue",
          Threads.DEFAULTS.writeQueue(),
          "Writing requests that wait; more answer 503.");
  private static final Key<Integer> MAX =
      count(
          CONNECTIONS,
          "max",
          Connections.DEFAULTS.max(),
          "Connections open at once; over HTTP/2, requests at once too. With TLS fewer where memory is"
              + " small: one for each 40 KiB of heap and 64 KiB of direct memory.");
  private static final Key<Duration> IDLE_TIMEOUT =
      time(
          "idletimeout",
          Connections.DEFAULTS.idleTimeout(),
          "A connection without a whole request for this long is closed.");
  private static final Key<Duration> BODY_TIMEOUT =
      time(
          "bodytimeout",
          Connections.DEFAULTS.bodyTimeout(),
          "A body of which no byte came for this long is given up.");
  private static final Key<Duration> SEND_TIMEOUT =
      time(
          "sendtimeout",
          Connections.DEFAULTS.sendTimeout(),
          "An answer of which the client took no byte for this long is given up.");
  private static final Key<Duration> ANSWER_TIMEOUT =
      time(
          "answertimeout",
          Connections.DEFAULTS.answerTimeout(),
          "A GET or HEAD that is not answered in this time answers 503; so does any request while the store"
              + " hangs. A file of which the disk gives nothing for so long is given up.");
  private static final Key<DataSize> MIN_BODY_RATE =
      size(
          CONNECTIONS,
          "minbodyrate",
          Connections.DEFAULTS.minBodyRate(),
          "Bytes per second that a body must bring on average, 16 times as many while requests wait for a thread; 0 asks for nothing.");

  static final List<SchemaEntry> ALL =
      List.of(
          MANIFEST,
          HEADERS,
          URL,
          OPEN_UPLOADS,
          READ,
          READ_QUEUE,
          WRITE,
          WRITE_QUEUE,
          MAX,
          IDLE_TIMEOUT,
          BODY_TIMEOUT,
          SEND_TIMEOUT,
          ANSWER_TIMEOUT,
          MIN_BODY_RATE);

  private LimitKeys() {}

  private static Key<DataSize> size(String at, String name, DataSize fallback, String meaning) {
    return Key.of(at + "." + name, SIZE, fallback, meaning);
  }

  private static Key<Integer> count(String at, String name, int fallback, String meaning) {
    return Key.of(at + "." + name, INTEGER, fallback, meaning);
  }

  private static Key<Duration> time(String name, Duration fallback, String meaning) {
    return Key.of(CONNECTIONS + "." + name, DURATION, fallback, meaning);
  }

  static Limits read(Settings settings) {
    return new Limits(
        settings.build(
            REQUESTS,
            Requests.DEFAULTS,
            () ->
                new Requests(
                    settings.get(MANIFEST),
                    settings.get(HEADERS),
                    settings.get(URL),
                    settings.get(OPEN_UPLOADS))),
        settings.build(
            THREADS,
            Threads.DEFAULTS,
            () ->
                new Threads(
                    settings.get(READ),
                    settings.get(READ_QUEUE),
                    settings.get(WRITE),
                    settings.get(WRITE_QUEUE))),
        settings.build(
            CONNECTIONS,
            Connections.DEFAULTS,
            () ->
                new Connections(
                    settings.get(MAX),
                    settings.get(IDLE_TIMEOUT),
                    settings.get(BODY_TIMEOUT),
                    settings.get(SEND_TIMEOUT),
                    settings.get(ANSWER_TIMEOUT),
                    settings.get(MIN_BODY_RATE))));
  }
}
