package dev.berth.server.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// What an answer carries.
public sealed interface Content {
  /// Bytes of it; for the answer to HEAD those that a GET would have.
  long length();

  /// Bytes in memory; not copied, not changed afterwards. An empty array sends `Content-Length: 0`.
  record Bytes(byte[] bytes) implements Content {
    @Override
    public long length() {
      return bytes.length;
    }
  }

  /// No bytes, but the `Content-Length` that a GET would have: the answer to HEAD.
  record Length(long length) implements Content {}

  /// No body and no `Content-Length`: for 204 and 304.
  record None() implements Content {
    @Override
    public long length() {
      return 0;
    }
  }

  /// A range of a file, sent without copying. The engine runs `release` when it is done with the
  /// file, sent or not, exactly once.
  record File(FileChannel channel, long offset, long length, Runnable release) implements Content {}

  /// A range of something that is no file. As [File] otherwise.
  record Range(Source source, long offset, long length, Runnable release) implements Content {}

  /// Bytes by position.
  interface Source {
    /// Reads up to `target.remaining()` bytes from `position`, gives how many, -1 at the end.
    int read(ByteBuffer target, long position) throws IOException;
  }
}
