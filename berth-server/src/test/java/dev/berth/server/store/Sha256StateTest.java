package dev.berth.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Sha256StateTest {
  /// What registry 2.8.2 (Debian's package) wrote to `hashstates/sha256/100` after a PATCH of 100
  /// times `x`.
  private static final String STATE_OF_2_8_2 =
      "736861038b32cd46d0772d44e4158e19ed1472e235a42a1836eccee0e292295b85adffde"
          + "78".repeat(36)
          + "00".repeat(28)
          + "0000000000000064";

  private static byte[] bytes(int count) {
    return "x".repeat(count).getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void worksOnTheJdkThatTheTestsRunOn() {
    assertThat(Sha256State.available()).isTrue();
  }

  @Test
  void writesWhatRegistry282Writes() {
    MessageDigest digest = Sha256State.newDigest();
    digest.update(bytes(100));

    assertThat(Sha256State.export(digest).map(HexFormat.of()::formatHex)).contains(STATE_OF_2_8_2);
  }

  @Test
  void goesOnFromWhatRegistry282Wrote() {
    MessageDigest digest =
        Sha256State.resume(HexFormat.of().parseHex(STATE_OF_2_8_2)).orElseThrow();
    digest.update(bytes(1000));

    assertThat(digest.digest()).isEqualTo(Sha256State.newDigest().digest(bytes(1100)));
  }

  @Test
  void goesOnAtEveryLength() {
    for (int length = 0; length < 200; length++) {
      MessageDigest first = Sha256State.newDigest();
      first.update(bytes(length));
      byte[] state = Sha256State.export(first).orElseThrow();
      MessageDigest second = Sha256State.resume(state).orElseThrow();
      second.update(bytes(77));

      assertThat(Sha256State.length(state)).isEqualTo(length);
      assertThat(second.digest()).isEqualTo(Sha256State.newDigest().digest(bytes(length + 77)));
    }
  }

  /// Compiled for processors with AVX2 and without SHA extensions, the JDK's loop over blocks
  /// leaves the last whole one in its buffer. Tests run with another compiler, so this puts it
  /// there.
  @Test
  void goesOnWhereTheJdkStillHasAWholeBlockInItsBuffer() throws ReflectiveOperationException {
    MessageDigest first = Sha256State.newDigest();
    first.update(bytes(64 * 5));
    leaveWholeBlock(first);
    byte[] state = Sha256State.export(first).orElseThrow();
    MessageDigest second = Sha256State.resume(state).orElseThrow();
    second.update(bytes(77));

    assertThat(Sha256State.length(state)).isEqualTo(64 * 6);
    assertThat(second.digest()).isEqualTo(Sha256State.newDigest().digest(bytes(64 * 6 + 77)));
    assertThat(first.digest()).isEqualTo(Sha256State.newDigest().digest(bytes(64 * 6)));
  }

  private static void leaveWholeBlock(MessageDigest digest) throws ReflectiveOperationException {
    Field spi = digest.getClass().getSuperclass().getDeclaredField("digestSpi");
    spi.setAccessible(true);
    Object sha = spi.get(digest);
    Class<?> base = Class.forName("sun.security.provider.DigestBase");
    Field buffer = base.getDeclaredField("buffer");
    buffer.setAccessible(true);
    System.arraycopy(bytes(64), 0, buffer.get(sha), 0, 64);
    Field used = base.getDeclaredField("bufOfs");
    used.setAccessible(true);
    used.setInt(sha, 64);
    Field processed = base.getDeclaredField("bytesProcessed");
    processed.setAccessible(true);
    processed.setLong(sha, processed.getLong(sha) + 64);
  }

  @Test
  void takesNothingElseForAState() {
    byte[] state = HexFormat.of().parseHex(STATE_OF_2_8_2);
    state[3] = 2;

    assertThat(Sha256State.resume(state)).isEmpty();
    assertThat(Sha256State.resume(new byte[107])).isEmpty();
    assertThat(Sha256State.length(new byte[0])).isEqualTo(-1);
  }
}
