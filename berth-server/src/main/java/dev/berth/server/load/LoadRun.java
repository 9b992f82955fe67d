package dev.berth.server.load;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// One load from its first look at the registry to its report. Runs once.
public final class LoadRun {
  private final Target target;
  private final LoadPlan plan;
  private final InstantSource clock;
  private final long seed;
  private final ProgressLine progress;
  private final Stop stop = new Stop();
  private final int mostImages;

  /// @param seed of all that is random
  /// @param err where progress is shown
  /// @param terminal whether `err` is one
  public LoadRun(
      Target target,
      LoadPlan plan,
      InstantSource clock,
      long seed,
      PrintStream err,
      boolean terminal) {
    this(target, plan, clock, seed, new ProgressLine(err, terminal), PushedImages.MOST);
  }

  LoadRun(
      Target target,
      LoadPlan plan,
      InstantSource clock,
      long seed,
      ProgressLine progress,
      int mostImages) {
    this.target = target;
    this.plan = plan;
    this.clock = clock;
    this.seed = seed;
    this.progress = progress;
    this.mostImages = mostImages;
  }

  /// What stands against it, in one line that says what to do; empty where nothing does.
  public Optional<String> findObstacle() throws InterruptedException {
    return new FirstLook(target).findObstacle();
  }

  /// Ends it early; [#run] then returns as soon as what is under way is answered.
  public void stop() {
    stop.ask();
  }

  /// Pushes and pulls for as long as the plan says, looks for what was acknowledged, and deletes
  /// it.
  public LoadReport run() throws InterruptedException {
    Instant started = clock.instant();
    var course = new LoadCourse(plan, target, stop, new PushedImages(mostImages));
    Measurements measurements = course.measurements();
    var random = new SplittableRandom(seed);
    List<LoadUser> users = new ArrayList<>();
    for (int user = 1; user <= plan.users(); user++) {
      users.add(new LoadUser(course, user, random.split()));
    }
    Crew.run(
        users,
        ProgressLine.EVERY,
        () -> progress.show(measurements.endSecond(), plan.users(), measurements.errorCount()));
    course.rethrow();
    measurements.endSecond();
    Duration elapsed = measurements.elapsed();
    String endedBy = course.endedBy();
    Verified verified = new Verification(course).run(progress);
    Cleaned cleaned = new Cleanup(course).run(progress);
    progress.end();
    return new LoadReport(
        target.url(),
        plan,
        new LoadReport.Time(started, elapsed, endedBy),
        figuresOfOperations(measurements),
        figuresOfRequests(measurements),
        measurements.waits(),
        measurements.errors(),
        measurements.seconds(),
        verified,
        cleaned);
  }

  private static Map<Operation, Figures> figuresOfOperations(Measurements measurements) {
    Map<Operation, Figures> all = new EnumMap<>(Operation.class);
    for (Operation operation : Operation.values()) {
      all.put(operation, measurements.figures(operation));
    }
    return all;
  }

  private static Map<RequestKind, Figures> figuresOfRequests(Measurements measurements) {
    Map<RequestKind, Figures> all = new EnumMap<>(RequestKind.class);
    for (RequestKind kind : RequestKind.values()) {
      if (kind != RequestKind.OTHER) {
        all.put(kind, measurements.figures(kind));
      }
    }
    return all;
  }
}
