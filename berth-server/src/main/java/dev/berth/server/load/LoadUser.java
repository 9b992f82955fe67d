package dev.berth.server.load;

import dev.berth.server.load.RequestFailure.Nature;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/// One of those who push and pull, one thing after the other, until the load is over. What is under
/// way then is finished.
final class LoadUser implements Runnable {
  /// After a failure for good: a server that refuses at once is not asked without end.
  private static final Duration AFTER_FAILURE = Duration.ofMillis(100);

  private final LoadCourse course;
  private final int user;
  private final SplittableRandom random;
  private int number;

  /// @param user from 1
  LoadUser(LoadCourse course, int user, SplittableRandom random) {
    this.course = course;
    this.user = user;
    this.random = random;
  }

  /// Something that may fail and be tried again.
  @FunctionalInterface
  private interface Attempt {
    /// Returns the bytes that were moved.
    long run() throws RequestFailure, InterruptedException;
  }

  @Override
  public void run() {
    try (var connection = new Connection(course.target(), course.measurements(), course.stop())) {
      while (!course.isOver()) {
        push(connection);
        for (int i = 0; i < course.plan().pulls() && !course.isOver(); i++) {
          pull(connection);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      course.breaks(e);
    }
  }

  private void push(Connection connection) throws InterruptedException {
    number++;
    FreshImage image = FreshImage.make(course.plan(), random);
    var push = new ImagePush(course.target(), connection, course.plan().repositoryOf(user));
    if (perform(Operation.PUSH, () -> push.run(image, LoadPlan.tag(user, number)))) {
      course.images().add(new PushedImage(user, number, image.manifest().digest()));
    }
    think();
  }

  private void pull(Connection connection) throws InterruptedException {
    Optional<PushedImage> image = course.images().findAny(random);
    if (image.isPresent()) {
      var pull = new ImagePull(course.target(), connection, course.plan());
      perform(Operation.PULL, () -> pull.run(image.get()));
      think();
    }
  }

  private void think() throws InterruptedException {
    if (!course.plan().think().isZero()) {
      course.stop().await(course.plan().think());
    }
  }

  /// Tries until it succeeds or patience ends. Wrong bytes are never asked for again: they would
  /// not be seen then.
  private boolean perform(Operation operation, Attempt attempt) throws InterruptedException {
    var patience = new Patience(course.plan().retryFor());
    long start = System.nanoTime();
    while (true) {
      try {
        long bytes = attempt.run();
        course.measurements().succeeded(operation, System.nanoTime() - start, bytes);
        return true;
      } catch (RequestFailure failure) {
        boolean again =
            patience.lasts() && failure.nature() != Nature.WRONG_BYTES && !course.stop().isAsked();
        course.measurements().failed(operation, failure, again);
        course.stop().await(again ? patience.next() : AFTER_FAILURE);
        if (!again) {
          return false;
        }
      }
    }
  }
}
