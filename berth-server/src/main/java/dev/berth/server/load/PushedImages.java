package dev.berth.server.load;

import dev.berth.oci.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// The images whose push was answered 201, at 40 bytes each. Takes only so many; a load that
/// reaches that number ends. Safe for use by many threads.
final class PushedImages {
  /// 20 MB of the 64 that `./berth` gives its heap.
  static final int MOST = 500_000;

  private static final int HASH_BYTES = 32;
  private static final int PIECE = 4096;

  private final List<byte[]> hashes = new ArrayList<>();
  private final List<int[]> numbers = new ArrayList<>();
  private final int most;
  private int count;

  PushedImages(int most) {
    this.most = most;
  }

  synchronized void add(PushedImage image) {
    if (count % PIECE == 0) {
      hashes.add(new byte[PIECE * HASH_BYTES]);
      numbers.add(new int[PIECE * 2]);
    }
    int at = count % PIECE;
    byte[] hash = HexFormat.of().parseHex(image.manifest().hex());
    System.arraycopy(hash, 0, hashes.getLast(), at * HASH_BYTES, HASH_BYTES);
    numbers.getLast()[at * 2] = image.user();
    numbers.getLast()[at * 2 + 1] = image.number();
    count++;
  }

  synchronized PushedImage get(int index) {
    int at = index % PIECE;
    byte[] piece = hashes.get(index / PIECE);
    int[] names = numbers.get(index / PIECE);
    byte[] hash = Arrays.copyOfRange(piece, at * HASH_BYTES, (at + 1) * HASH_BYTES);
    return new PushedImage(
        names[at * 2], names[at * 2 + 1], Digest.of(Digest.Algorithm.SHA256, hash));
  }

  /// Any of them; empty while there is none.
  synchronized Optional<PushedImage> findAny(SplittableRandom random) {
    return count == 0 ? Optional.empty() : Optional.of(get(random.nextInt(count)));
  }

  synchronized int count() {
    return count;
  }

  synchronized boolean isFull() {
    return count >= most;
  }
}
