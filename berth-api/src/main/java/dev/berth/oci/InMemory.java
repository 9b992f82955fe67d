package dev.berth.oci;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/// Content that is an array.
final class InMemory implements BlobContent {
  private final byte[] content;

  InMemory(byte[] content) {
    this.content = content;
  }

  @Override
  public long size() {
    return content.length;
  }

  @Override
  public int read(ByteBuffer target, long position) {
    if (position >= content.length) {
      return -1;
    }
    int count = (int) Math.min(target.remaining(), content.length - position);
    target.put(content, (int) position, count);
    return count;
  }

  @Override
  public Optional<FileChannel> file() {
    return Optional.empty();
  }

  @Override
  public Optional<byte[]> bytes() {
    return Optional.of(content);
  }

  @Override
  public void close() {}
}
