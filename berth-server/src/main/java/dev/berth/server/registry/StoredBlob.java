package dev.berth.server.registry;

import dev.berth.oci.BlobContent;
import dev.berth.storage.StorageReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/// An open blob on a store.
record StoredBlob(StorageReader reader) implements BlobContent {
  @Override
  public long size() {
    return reader.size();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return reader.read(target, position);
  }

  @Override
  public Optional<FileChannel> file() {
    return reader.file();
  }

  @Override
  public void close() {
    reader.close();
  }
}
