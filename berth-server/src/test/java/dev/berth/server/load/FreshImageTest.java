package dev.berth.server.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

class FreshImageTest {
  private static final int SIZE = 10_007;

  @Test
  void bytesAreTheSameEachTimeAndCannotBeCompressed() throws Exception {
    byte[] first = bytes(5);
    var packed = new ByteArrayOutputStream();
    try (var deflater = new DeflaterOutputStream(packed, new Deflater(Deflater.BEST_COMPRESSION))) {
      deflater.write(first);
    }

    assertThat(first).hasSize(SIZE).isEqualTo(bytes(5)).isNotEqualTo(bytes(6));
    assertThat(packed.size()).isGreaterThan(SIZE);
    assertThat(FreshBlob.random(5, SIZE).digest()).isEqualTo(FreshBlob.of(first).digest());
    assertThat(FreshBlob.random(5, SIZE).body().contentLength()).isEqualTo(SIZE);
  }

  private static byte[] bytes(long seed) {
    try (var bytes = new RandomBytes(seed, SIZE)) {
      return bytes.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void oneByteAtATimeIsTheSame() {
    var single = new RandomBytes(5, SIZE);
    for (byte expected : bytes(5)) {
      assertThat((byte) single.read()).isEqualTo(expected);
    }
    assertThat(single.read()).isNegative();
  }

  @Test
  void theManifestNamesEveryBlobOnce() {
    FreshImage image = FreshImage.make(Loads.plan(1), new SplittableRandom(1));
    String manifest = Loads.text(image.manifest());

    assertThat(image.blobs()).hasSize(Loads.plan(1).layers() + 1).doesNotHaveDuplicates();
    assertThat(ManifestBlobs.of(manifest.getBytes(StandardCharsets.UTF_8)))
        .containsExactlyInAnyOrderElementsOf(blobs(image));
  }

  private static List<ManifestBlobs.Blob> blobs(FreshImage image) {
    return image.blobs().stream()
        .map(blob -> new ManifestBlobs.Blob(blob.digest(), blob.size()))
        .toList();
  }
}
