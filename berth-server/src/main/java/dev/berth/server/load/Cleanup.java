package dev.berth.server.load;

import dev.berth.server.load.RequestFailure.Nature;
import java.util.stream.IntStream;

/// Deletes the images of the load by their digests, which takes their tags along. Their blobs stay
/// until the server collects them.
final class Cleanup {
  private static final int ACCEPTED = 202;
  private static final int MOST_THREADS = 16;

  private final LoadCourse course;
  private String reason = "";
  private int next;
  private int deleted;
  private boolean isOver;

  Cleanup(LoadCourse course) {
    this.course = course;
  }

  Cleaned run(ProgressLine progress) throws InterruptedException {
    int all = course.images().count();
    if (course.plan().keep()) {
      return new Cleaned(0, all, "asked to");
    }
    int threads = Math.min(MOST_THREADS, course.plan().users());
    Crew.run(
        IntStream.range(0, threads).<Runnable>mapToObj(_ -> this::work).toList(),
        ProgressLine.EVERY,
        () -> progress.show("deleted " + deleted() + " of " + all));
    course.rethrow();
    return cleaned(all);
  }

  private synchronized int deleted() {
    return deleted;
  }

  private synchronized Cleaned cleaned(int all) {
    return new Cleaned(deleted, all - deleted, course.stop().isAsked() ? "stopped before" : reason);
  }

  private void work() {
    try (var connection = new Connection(course.target(), RequestMeter.NONE, course.stop())) {
      for (int index = take(); index < course.images().count(); index = take()) {
        delete(connection, course.images().get(index));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      course.breaks(e);
    }
  }

  private synchronized int take() {
    return isOver || course.stop().isAsked() ? Integer.MAX_VALUE : next++;
  }

  private void delete(Connection connection, PushedImage image) throws InterruptedException {
    String repository = course.plan().repositoryOf(image.user());
    try {
      connection.send(
          new Call(
              RequestKind.OTHER,
              "DELETE",
              course.target().manifest(repository, image.manifest()),
              repository,
              Call.Payload.NONE,
              ACCEPTED,
              true));
      isDeleted();
    } catch (RequestFailure failure) {
      fails(failure);
    }
  }

  private synchronized void isDeleted() {
    deleted++;
  }

  private synchronized void fails(RequestFailure failure) {
    boolean never = failure.nature() == Nature.UNSUPPORTED;
    isOver |= never;
    if (reason.isEmpty()) {
      reason = never ? "the server does not delete" : String.valueOf(failure.getMessage());
    }
  }
}
