package dev.berth.server.load;

import dev.berth.server.load.RequestFailure.Nature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Looks once for each image whose push was answered 201. A server that cannot tell is asked again
/// for half a minute at least: lost means that it answers, and not with the image.
final class Verification {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MOST_THREADS = 16;
  private static final int MOST_LOSSES = 20;

  private final LoadCourse course;
  private final List<String> losses = new ArrayList<>();
  private String reason = "";
  private int next;
  private int found;
  private int lost;
  private int notVerified;

  /// While set, the server has not answered for all of the time that it is given.
  private boolean patienceIsOver;

  Verification(LoadCourse course) {
    this.course = course;
  }

  Verified run(ProgressLine progress) throws InterruptedException {
    int all = course.images().count();
    int threads = Math.min(MOST_THREADS, course.plan().users());
    Crew.run(
        IntStream.range(0, threads).<Runnable>mapToObj(_ -> this::work).toList(),
        ProgressLine.EVERY,
        () -> progress.show("verified " + looked() + " of " + all));
    course.rethrow();
    return verified(all);
  }

  private synchronized int looked() {
    return found + lost + notVerified;
  }

  private synchronized Verified verified(int all) {
    return new Verified(
        all,
        found,
        lost,
        all - found - lost,
        List.copyOf(losses),
        notVerified == 0 && looked() < all ? "stopped before" : reason);
  }

  private void work() {
    try (var connection = new Connection(course.target(), RequestMeter.NONE, course.stop())) {
      var pull = new ImagePull(course.target(), connection, course.plan());
      for (int index = take(); index < course.images().count(); index = take()) {
        look(pull, course.images().get(index));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      course.breaks(e);
    }
  }

  private synchronized int take() {
    return course.stop().isAsked() ? Integer.MAX_VALUE : next++;
  }

  private void look(ImagePull pull, PushedImage image) throws InterruptedException {
    Duration given = course.plan().retryFor();
    var patience = new Patience(given.compareTo(PATIENCE) > 0 ? given : PATIENCE);
    while (true) {
      try {
        pull.verify(image);
        isFound();
        return;
      } catch (RequestFailure failure) {
        if (failure.nature() == Nature.MISSING || failure.nature() == Nature.WRONG_BYTES) {
          isLost(course.plan().repositoryOf(image.user()) + ":" + image.tag(), failure);
          return;
        }
        if (!goesOn(patience) || course.stop().await(patience.next())) {
          isUntold(failure);
          return;
        }
      }
    }
  }

  private synchronized boolean goesOn(Patience patience) {
    boolean lasts = patience.lasts();
    patienceIsOver |= !lasts;
    return lasts && !patienceIsOver;
  }

  private synchronized void isFound() {
    patienceIsOver = false;
    found++;
  }

  private synchronized void isLost(String image, RequestFailure failure) {
    patienceIsOver = false;
    lost++;
    if (losses.size() < MOST_LOSSES) {
      losses.add(image + ": " + failure.getMessage());
    }
  }

  private synchronized void isUntold(RequestFailure failure) {
    notVerified++;
    if (reason.isEmpty()) {
      reason = String.valueOf(failure.getMessage());
    }
  }
}
