package dev.berth.e2e.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPOutputStream;

/// Writes the smallest tar archive that engines unpack: one regular file (POSIX `ustar`).
final class TarLayer {
  private static final int BLOCK = 512;

  private TarLayer() {}

  /// A gzip-compressed layer with one file of `bytes` random bytes, at most 2 GiB less a megabyte.
  static SampleImage.Layer random(RandomGenerator random, String name, int bytes) {
    byte[] content = new byte[bytes];
    random.nextBytes(content);
    byte[] tar = tar(name, content);
    return new SampleImage.Layer(gzip(tar), Digests.sha256(tar));
  }

  private static byte[] tar(String name, byte[] content) {
    int padded = (content.length + BLOCK - 1) / BLOCK * BLOCK;
    byte[] archive = new byte[BLOCK + padded + 2 * BLOCK];
    put(archive, 0, name);
    put(archive, 100, "0000755\0");
    put(archive, 108, "0000000\0");
    put(archive, 116, "0000000\0");
    put(archive, 124, "%011o\0".formatted(content.length));
    put(archive, 136, "00000000000\0");
    put(archive, 148, "        ");
    put(archive, 156, "0");
    put(archive, 257, "ustar\00000");
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += archive[i] & 0xff;
    }
    put(archive, 148, "%06o\0 ".formatted(sum));
    System.arraycopy(content, 0, archive, BLOCK, content.length);
    return archive;
  }

  private static void put(byte[] archive, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, archive, offset, bytes.length);
  }

  private static byte[] gzip(byte[] tar) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(tar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
