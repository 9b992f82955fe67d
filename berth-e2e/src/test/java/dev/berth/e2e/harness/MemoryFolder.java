package dev.berth.e2e.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/// Gives a test a folder in memory where the machine has one with room, for tests that write much
/// and ask nothing of the disk.
public final class MemoryFolder implements TempDirFactory {
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final long ROOM = 4L << 30;

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
      throws IOException {
    return create();
  }

  /// A new folder, to be removed by the caller.
  public static Path create() throws IOException {
    boolean roomy =
        Files.isWritable(SHARED_MEMORY) && SHARED_MEMORY.toFile().getUsableSpace() > ROOM;
    return roomy
        ? Files.createTempDirectory(SHARED_MEMORY, "berth-e2e-")
        : Files.createTempDirectory("berth-e2e-");
  }
}
