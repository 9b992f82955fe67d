package dev.berth.server.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PushedImagesTest {
  private static PushedImage image(int number) {
    return new PushedImage(3, number, FreshBlob.random(number, 8).digest());
  }

  @Test
  void givesBackWhatWasAddedUntilItIsFull() {
    int most = 9_000;
    var images = new PushedImages(most);
    assertThat(images.findAny(new SplittableRandom(1))).isEmpty();
    for (int i = 0; i < most; i++) {
      assertThat(images.isFull()).isFalse();
      images.add(image(i));
    }

    assertThat(images.isFull()).isTrue();
    assertThat(images.count()).isEqualTo(most);
    for (int i = 0; i < most; i++) {
      assertThat(images.get(i)).isEqualTo(image(i));
    }
    assertThat(images.findAny(new SplittableRandom(1))).isPresent();
    assertThat(image(7).tag()).isEqualTo("u3-7");
  }
}
