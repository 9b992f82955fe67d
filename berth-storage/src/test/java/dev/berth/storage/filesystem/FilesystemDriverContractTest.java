package dev.berth.storage.filesystem;

import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageDriverContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class FilesystemDriverContractTest extends StorageDriverContract {
  @TempDir Path root;

  @Override
  protected StorageDriver open() {
    return FilesystemDriver.open(root);
  }
}
