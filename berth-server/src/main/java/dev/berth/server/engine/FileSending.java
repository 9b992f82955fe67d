package dev.berth.server.engine;

import org.jspecify.annotations.Nullable;

/// A file on its way to a client.
interface FileSending {
  /// What tells that the client waits for the disk, as long as it is the same; null while the disk
  /// is not waited for.
  @Nullable Object mark();

  /// Nothing more will be sent. Gives the file back as soon as no thread reads it.
  void close();
}
