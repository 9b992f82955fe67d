package dev.berth.storage.memory;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The bytes of one file, in pieces of equal size so that a growing file is not copied. Lives on
/// for those who read it after its name is gone.
final class MemoryFile {
  private static final int PIECE = 64 * 1024;

  private final List<byte[]> pieces = new ArrayList<>();
  private long size;
  private Instant modified;

  MemoryFile(byte[] bytes, Instant now) {
    modified = now;
    append(ByteBuffer.wrap(bytes), now);
  }

  synchronized long size() {
    return size;
  }

  synchronized Instant modified() {
    return modified;
  }

  synchronized void touch(Instant now) {
    modified = now;
  }

  synchronized void append(ByteBuffer source, Instant now) {
    while (source.hasRemaining()) {
      int inPiece = (int) (size % PIECE);
      int length = Math.min(source.remaining(), PIECE - inPiece);
      source.get(pieceFor(inPiece + length), inPiece, length);
      size += length;
    }
    modified = now;
  }

  /// Up to `target.remaining()` bytes from `position`; -1 at the end.
  synchronized int read(ByteBuffer target, long position) {
    if (position >= size) {
      return -1;
    }
    int start = target.position();
    long at = position;
    while (target.hasRemaining() && at < size) {
      int inPiece = (int) (at % PIECE);
      long inFile = Math.min(PIECE - inPiece, size - at);
      int length = (int) Math.min(target.remaining(), inFile);
      target.put(pieces.get((int) (at / PIECE)), inPiece, length);
      at += length;
    }
    return target.position() - start;
  }

  synchronized byte[] bytes() {
    ByteBuffer all = ByteBuffer.allocate((int) size);
    read(all, 0);
    return all.array();
  }

  synchronized void truncate(long newSize, Instant now) {
    size = newSize;
    modified = now;
    int used = (int) ((newSize + PIECE - 1) / PIECE);
    pieces.subList(used, pieces.size()).clear();
  }

  /// The piece that the end of the file lies in, at least `length` bytes long.
  private byte[] pieceFor(int length) {
    int index = (int) (size / PIECE);
    if (index == pieces.size()) {
      pieces.add(new byte[length]);
    }
    byte[] piece = pieces.get(index);
    if (piece.length < length) {
      piece = Arrays.copyOf(piece, Math.min(PIECE, Math.max(length, 2 * piece.length)));
      pieces.set(index, piece);
    }
    return piece;
  }
}
