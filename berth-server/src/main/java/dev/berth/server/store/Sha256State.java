package dev.berth.server.store;

import dev.berth.oci.Digest;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.MessageDigestSpi;
import java.util.Arrays;
import java.util.Optional;

/// Takes the state out of the JDK's SHA-256 and puts it back, so that an upload begun by one
/// process is finished by another without reading its bytes again. The encoding is the one registry
/// 2.8.2 writes (Go's `crypto/sha256`): `sha\x03`, eight big-endian words, the 64-byte block
/// buffer, the big-endian length.
///
/// It looks into classes of the JDK that promise nothing (`--add-opens java.base/java.security` and
/// `java.base/sun.security.provider`). A self-test at first use compares with plain hashing; where
/// it fails, [#available] is false and uploads are hashed again when they are committed.
final class Sha256State {
  /// Bytes of an encoded state.
  static final int BYTES = 108;

  private static final byte[] MAGIC = {'s', 'h', 'a', 3};
  private static final int WORDS = 8;
  private static final int BLOCK = 64;

  private static final Optional<Sha256State> ACCESS = find();

  private final VarHandle spi;
  private final VarHandle words;
  private final VarHandle buffer;
  private final VarHandle bufferUsed;
  private final VarHandle bytesProcessed;

  private Sha256State() throws ReflectiveOperationException {
    MessageDigest sample = newDigest();
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    Class<?> delegate = sample.getClass();
    spi =
        MethodHandles.privateLookupIn(delegate, lookup)
            .findVarHandle(delegate, "digestSpi", MessageDigestSpi.class);
    Class<?> sha2 = Class.forName("sun.security.provider.SHA2");
    Class<?> base = Class.forName("sun.security.provider.DigestBase");
    MethodHandles.Lookup inSha2 = MethodHandles.privateLookupIn(sha2, lookup);
    MethodHandles.Lookup inBase = MethodHandles.privateLookupIn(base, lookup);
    words = inSha2.findVarHandle(sha2, "state", int[].class);
    buffer = inBase.findVarHandle(base, "buffer", byte[].class);
    bufferUsed = inBase.findVarHandle(base, "bufOfs", int.class);
    bytesProcessed = inBase.findVarHandle(base, "bytesProcessed", long.class);
  }

  /// Whether states can be taken out and put back on this JDK.
  static boolean available() {
    return ACCESS.isPresent();
  }

  /// A new SHA-256 of the JDK.
  static MessageDigest newDigest() {
    return Digests.newDigest(Digest.Algorithm.SHA256);
  }

  /// The state of a digest, in 108 bytes; empty where the JDK does not let us.
  static Optional<byte[]> export(MessageDigest digest) {
    return ACCESS.map(access -> access.read(digest));
  }

  /// A digest that continues from `state`; empty where the bytes are no state or the JDK does not
  /// let us.
  static Optional<MessageDigest> resume(byte[] state) {
    if (!isState(state)) {
      return Optional.empty();
    }
    return ACCESS.map(access -> access.write(state));
  }

  /// The number of bytes that went into an encoded state; -1 if it is none.
  static long length(byte[] state) {
    return isState(state) ? ByteBuffer.wrap(state).getLong(BYTES - Long.BYTES) : -1;
  }

  private static boolean isState(byte[] state) {
    return state.length == BYTES && Arrays.equals(state, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  private byte[] read(MessageDigest digest) {
    Object sha = spi.get(digest);
    long total = Math.max(0, (long) bytesProcessed.get(sha));
    int used = (int) (total % BLOCK);
    ByteBuffer out = ByteBuffer.allocate(BYTES).put(MAGIC);
    for (int word : (int[]) words.get(withoutWholeBlock(digest, sha))) {
      out.putInt(word);
    }
    out.put(out.position(), (byte[]) buffer.get(sha), 0, used);
    return out.putLong(BYTES - Long.BYTES, total).array();
  }

  /// Compiled for processors with AVX2 and without SHA extensions, the JDK's loop over blocks
  /// leaves the last whole one in the buffer until more bytes come. Then these are the words of a
  /// copy to which one came.
  private Object withoutWholeBlock(MessageDigest digest, Object sha) {
    if ((int) bufferUsed.get(sha) < BLOCK) {
      return sha;
    }
    try {
      MessageDigest copy = (MessageDigest) digest.clone();
      copy.update((byte) 0);
      return spi.get(copy);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be copied", e);
    }
  }

  private MessageDigest write(byte[] state) {
    ByteBuffer in = ByteBuffer.wrap(state, MAGIC.length, BYTES - MAGIC.length);
    MessageDigest digest = newDigest();
    Object sha = spi.get(digest);
    int[] target = (int[]) words.get(sha);
    for (int i = 0; i < WORDS; i++) {
      target[i] = in.getInt();
    }
    long total = length(state);
    int used = (int) (total % BLOCK);
    in.get((byte[]) buffer.get(sha), 0, used);
    bufferUsed.set(sha, used);
    bytesProcessed.set(sha, total);
    return digest;
  }

  private static Optional<Sha256State> find() {
    try {
      Sha256State access = new Sha256State();
      return access.works() ? Optional.of(access) : Optional.empty();
    } catch (ReflectiveOperationException | RuntimeException e) {
      // InaccessibleObjectException without the opens; anything else on a JDK built another way.
      return Optional.empty();
    }
  }

  /// Three lengths: inside a block, on its edge, beyond it.
  private boolean works() {
    for (int length : new int[] {BLOCK / 2 + 1, BLOCK, 2 * BLOCK + 1}) {
      byte[] bytes = new byte[2 * length];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (i * WORDS + length);
      }
      MessageDigest first = newDigest();
      first.update(bytes, 0, length);
      MessageDigest second = write(read(first));
      second.update(bytes, length, length);
      if (!Arrays.equals(second.digest(), newDigest().digest(bytes))) {
        return false;
      }
    }
    return true;
  }
}
