import java.nio.file.Path;
import java.util.List;

/// Resident memory at rest, then through gigabytes of pushes by 64 clients at once.
final class MemoryRun {
  private static final int CLIENTS = 64;
  private static final int BLOB_BYTES = 4 * 1024 * 1024;
  private static final int STEPS = 10;

  private final Path folder;
  private final List<String> before;
  private final int gigabytes;

  MemoryRun(Path folder, List<String> before, int gigabytes) {
    this.folder = folder;
    this.before = before;
    this.gigabytes = gigabytes;
  }

  /// Prints a row for each server.
  void run(List<Server.Kind> kinds) throws Exception {
    System.out.printf(
        "Resident memory, MiB (of it without a file behind), %d clients%n%n", CLIENTS);
    System.out.print("| server | started | 10 s of manifest GETs |");
    for (int step = 1; step <= STEPS; step++) {
      System.out.printf(" %.1f GB |", (double) gigabytes * step / STEPS);
    }
    System.out.println(" 10 s later |");
    System.out.println("|---|---|---|" + "---|".repeat(STEPS + 1));
    for (Server.Kind kind : kinds) {
      one(kind);
    }
    System.out.println();
  }

  private void one(Server.Kind kind) throws Exception {
    Content content = new Content();
    try (Server server = Server.start(kind, folder, folder.resolve("memory-" + kind), before)) {
      StringBuilder row = new StringBuilder("| " + kind.title + " |");
      Thread.sleep(2_000);
      row.append(resident(server));
      content.putOn(server);
      new ReadLoad(
              server.port,
              "GET",
              "/v2/bench/image/manifests/latest",
              content.manifest,
              "Accept: " + Content.MANIFEST_TYPE)
          .run(16, 10);
      row.append(resident(server));
      int blobs = (int) ((long) gigabytes * 1_000_000_000 / BLOB_BYTES / STEPS);
      for (int step = 1; step <= STEPS; step++) {
        new PushLoad(server, PushLoad.Way.PATCH, BLOB_BYTES, true).run(CLIENTS, blobs);
        String now = resident(server);
        System.err.println("  memory " + kind.title + now);
        row.append(now);
      }
      Thread.sleep(10_000);
      System.out.println(row.append(resident(server)));
    }
  }

  private static String resident(Server server) throws Exception {
    long[] kib = server.residentKib();
    return " %d (%d) |".formatted(kib[0] / 1024, kib[1] / 1024);
  }
}
