package dev.berth.server.http;

import dev.berth.oci.BlobContent;
import dev.berth.server.engine.Content;
import java.nio.channels.FileChannel;
import java.util.Optional;

/// How open content leaves: from memory, from its file without a copy, or read piece by piece.
final class BlobContents {
  private BlobContents() {}

  /// A part of the content, which the engine closes.
  static Content of(BlobContent blob, long offset, long length) {
    Optional<FileChannel> file = blob.file();
    return file.isPresent()
        ? new Content.File(file.get(), offset, length, blob::close)
        : new Content.Range(blob::read, offset, length, blob::close);
  }

  /// All of it.
  static Content of(BlobContent blob) {
    Optional<byte[]> bytes = blob.bytes();
    return bytes.isPresent() ? new Content.Bytes(bytes.get()) : of(blob, 0, blob.size());
  }
}
