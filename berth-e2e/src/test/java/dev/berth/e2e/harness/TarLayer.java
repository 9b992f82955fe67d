package dev.berth.e2e.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPOutputStream;

/// Writes the smallest tar archive that engines unpack: one regular file (POSIX `ustar`).
public final class TarLayer {
  private static final int BLOCK = 512;

  private TarLayer() {}

  /// A gzip-compressed layer with one file of `bytes` random bytes, at most 2 GiB less a megabyte.
  static SampleImage.Layer random(RandomGenerator random, String name, int bytes) {
    byte[] content = new byte[bytes];
    random.nextBytes(content);
    return of(name, content);
  }

  /// A gzip-compressed layer with one file that everybody may execute.
  static SampleImage.Layer of(String name, byte[] content) {
    byte[] tar = tar(name, content);
    return new SampleImage.Layer(gzip(tar), Digests.sha256(tar));
  }

  /// The block that stands before a file of `size` bytes in an archive.
  public static byte[] header(String name, long size) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, "0000755\0");
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, 124, "%011o\0".formatted(size));
    put(header, 136, "00000000000\0");
    put(header, 148, "        ");
    put(header, 156, "0");
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    return header;
  }

  private static byte[] tar(String name, byte[] content) {
    int padded = (content.length + BLOCK - 1) / BLOCK * BLOCK;
    byte[] archive = new byte[BLOCK + padded + 2 * BLOCK];
    System.arraycopy(header(name, content.length), 0, archive, 0, BLOCK);
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
