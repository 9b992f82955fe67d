package dev.berth.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// All that a [StorageDriver] promises. Each kind of store, and each stack of wrappers, has a
/// subclass that only says how to open it. Here: what holds when many threads use one store; what
/// one caller sees is in [ReadingContract], [FilesContract] and [AppendContract].
public abstract class StorageDriverContract extends AppendContract {
  private static final int THREADS = 8;

  @Test
  void readersSeeOldOrNewBytesWhileAFileIsReplaced() throws Exception {
    // Lengths on both sides of what a driver may read at once.
    List<byte[]> versions = List.of(filled(71, 'a'), filled(9_000, 'b'), filled(400_000, 'c'));
    driver.put(path("f/a"), versions.getFirst());
    var done = new AtomicBoolean();
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      tasks.add(
          () -> {
            int seen = 0;
            do {
              byte[] content = driver.read(path("f/a"), MOST).orElseThrow();
              assertThat(versions).anyMatch(version -> Arrays.equals(version, content));
              seen++;
            } while (!done.get());
            return seen;
          });
    }
    tasks.add(
        () -> {
          try {
            for (int i = 0; i < 300; i++) {
              driver.put(path("f/a"), versions.get(i % 3));
            }
          } finally {
            done.set(true);
          }
          return 1;
        });

    assertThat(together(tasks)).allMatch(count -> count > 0);
  }

  @Test
  void oneOfManyCreatorsWins() throws Exception {
    for (int round = 0; round < 20; round++) {
      StoragePath path = path("f" + round + "/g/a");
      List<Callable<Optional<String>>> tasks = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        String content = "creator " + i;
        tasks.add(
            () -> driver.create(path, bytes(content)) ? Optional.of(content) : Optional.empty());
      }

      List<String> winners = together(tasks).stream().flatMap(Optional::stream).toList();

      assertThat(winners).containsExactly(text(path.value()));
    }
  }

  @Test
  void createdFileIsNeverSeenHalf() throws Exception {
    byte[] whole = filled(300_000, 'w');
    int files = 30;
    Callable<Integer> creator =
        () -> {
          for (int i = 0; i < files; i++) {
            driver.create(path("f/a" + i), whole);
          }
          return files;
        };
    Callable<Integer> reader =
        () -> {
          for (int i = 0; i < files; ) {
            Optional<byte[]> content = driver.read(path("f/a" + i), MOST);
            if (content.isPresent()) {
              assertThat(content.get()).isEqualTo(whole);
              i++;
            }
          }
          return files;
        };

    assertThat(together(List.of(creator, reader, reader))).containsOnly(files);
  }

  @Test
  void oneOfManyWritersGetsTheFile() throws Exception {
    for (int round = 0; round < 20; round++) {
      String at = "f/a" + round;
      put(at, "begun");
      List<Callable<StorageDriver.Appending>> tasks = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        tasks.add(() -> driver.append(path(at)));
      }

      List<StorageWriter> writers = new ArrayList<>();
      for (StorageDriver.Appending answer : together(tasks)) {
        switch (answer) {
          case StorageDriver.Appending.Open open -> writers.add(open.writer());
          case StorageDriver.Appending.Busy _ -> {}
          case StorageDriver.Appending.Missing _ -> assertThat(answer).isNull();
        }
      }

      assertThat(writers).hasSize(1);
      writers.getFirst().close();
    }
  }

  @Test
  void manyWritersInTurnLoseNothing() throws Exception {
    put("a", "");
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      byte[] line = bytes("line of thread " + i + "\n");
      tasks.add(
          () -> {
            int written = 0;
            while (written < 50) {
              if (driver.append(path("a")) instanceof StorageDriver.Appending.Open open) {
                try (StorageWriter writer = open.writer()) {
                  writer.write(ByteBuffer.wrap(line));
                  written++;
                }
              } else {
                Thread.onSpinWait();
              }
            }
            return written;
          });
    }

    together(tasks);

    List<String> lines = text("a").lines().toList();
    assertThat(lines).hasSize(200).allMatch(line -> line.matches("line of thread [0-3]"));
  }

  @Test
  void oneOfManyMoversWins() throws Exception {
    for (int round = 0; round < 20; round++) {
      StoragePath from = path("from/a" + round);
      driver.put(from, bytes("hello"));
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        StoragePath to = path("to/" + round + "/" + i);
        tasks.add(() -> driver.move(from, to));
      }

      assertThat(together(tasks)).containsOnlyOnce(true);
      assertThat(names("to/" + round)).hasSize(1);
    }
  }

  @Test
  void oneOfManyDeletersWins() throws Exception {
    for (int round = 0; round < 20; round++) {
      StoragePath path = path("f/a" + round);
      driver.put(path, bytes("hello"));

      assertThat(together(many(() -> driver.delete(path)))).containsOnlyOnce(true);
    }
  }

  @Test
  void manyMayDeleteOneTree() throws Exception {
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < 20; i++) {
        driver.putVolatile(path("f/g" + i % 5 + "/a" + i), bytes("hello"));
      }

      assertThat(together(many(() -> driver.deleteTree(path("f"))))).contains(true);
      assertMissing("f");
    }
  }

  @Test
  void manyMayPutIntoOneNewFolder() throws Exception {
    for (int round = 0; round < 20; round++) {
      String folder = "f/" + round + "/g/h";
      var next = new AtomicInteger();
      List<Callable<Boolean>> tasks =
          many(
              () -> {
                driver.put(path(folder + "/" + next.getAndIncrement()), bytes("hello"));
                return true;
              });

      together(tasks);

      assertThat(names(folder)).hasSize(THREADS);
    }
  }

  @Test
  void puttingIntoATreeBeingDeletedWorks() throws Exception {
    var done = new AtomicBoolean();
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      StoragePath path = path("f/g/h/a" + i);
      tasks.add(
          () -> {
            while (!done.get()) {
              driver.put(path, bytes("hello"));
            }
            return true;
          });
    }
    tasks.add(
        () -> {
          try {
            for (int i = 0; i < 100; i++) {
              driver.deleteTree(path("f/g"));
            }
          } finally {
            done.set(true);
          }
          return true;
        });

    assertThat(together(tasks)).containsOnly(true);

    put("f/g/h/last", "hello");
    assertThat(text("f/g/h/last")).isEqualTo("hello");
  }

  @Test
  void listNeverShowsWorkInProgress() throws Exception {
    put("f/a", "hello");
    var done = new AtomicBoolean();
    Callable<Boolean> writer =
        () -> {
          try {
            for (int i = 0; i < 200; i++) {
              driver.put(path("f/a"), bytes("hello"));
            }
          } finally {
            done.set(true);
          }
          return true;
        };
    Callable<Boolean> lister =
        () -> {
          while (!done.get()) {
            assertThat(names("f")).containsExactly("a");
          }
          return true;
        };

    assertThat(together(List.of(writer, lister))).containsOnly(true);
  }

  private static <T> List<Callable<T>> many(Callable<T> task) {
    return Collections.nCopies(THREADS, task);
  }

  /// Runs all tasks at the same time and gives their results; the first failure is thrown.
  private static <T> List<T> together(List<Callable<T>> tasks) throws Exception {
    var start = new CountDownLatch(1);
    var results = new ArrayList<T>();
    try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
      List<Future<T>> running = new ArrayList<>();
      for (Callable<T> task : tasks) {
        running.add(
            threads.submit(
                () -> {
                  start.await();
                  return task.call();
                }));
      }
      start.countDown();
      for (Future<T> future : running) {
        results.add(result(future));
      }
    }
    return results;
  }

  private static <T> T result(Future<T> future) throws Exception {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }
}
