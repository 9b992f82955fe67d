package dev.berth.server.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.oci.wire.OciRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/// Knows callers by an `htpasswd` file, as registry 2.8.2 does: who is in it may do everything.
///
/// A check of a password costs as much as its hash was made to cost, some hundred milliseconds. One
/// that was right is remembered for some minutes under a keyed hash, so that a push of forty
/// requests pays for one; a changed line in the file ends that at once. Few checks run at a time,
/// and what finds no room is told to come again, so that guessing does not take the processor from
/// those who are known.
public final class HtpasswdAuthenticator implements Authenticator {
  private static final Duration REMEMBERED = Duration.ofMinutes(5);
  private static final int MOST_REMEMBERED = 10_000;
  private static final int MOST_WAITING = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final String MAC = "HmacSHA256";
  private static final int KEY_BYTES = 32;
  private static final int LOCKS = 64;

  private final String challenge;
  private final WatchedPasswordFile file;
  private final FailureDelays delays = new FailureDelays();
  private final SecretKeySpec key;
  private final Semaphore checks;
  private final Duration patience;
  private final Object[] locks = new Object[LOCKS];
  private final Cache<ByteBuffer, Boolean> right =
      Caffeine.newBuilder()
          .maximumSize(MOST_REMEMBERED)
          .expireAfterWrite(REMEMBERED)
          .executor(Runnable::run)
          .build();

  /// @param checksAtOnce passwords that are checked at one time
  /// @throws UnusableLogins the file is missing or cannot be read
  public HtpasswdAuthenticator(String realm, Path path, int checksAtOnce, SecureRandom random) {
    this(realm, new WatchedPasswordFile(path, LOOK_EVERY), checksAtOnce, PATIENCE, random);
  }

  HtpasswdAuthenticator(
      String realm,
      WatchedPasswordFile file,
      int checksAtOnce,
      Duration patience,
      SecureRandom random) {
    this.challenge = "Basic realm=\"" + realm + "\"";
    this.file = file;
    this.patience = patience;
    this.checks = new Semaphore(checksAtOnce, true);
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, MAC);
    for (int i = 0; i < LOCKS; i++) {
      locks[i] = new Object();
    }
  }

  @Override
  public Decision decide(Optional<String> authorization, String client, OciRequest request) {
    Optional<BasicCredentials> credentials = authorization.flatMap(BasicCredentials::parse);
    if (credentials.isEmpty()) {
      return new Decision.Unknown(challenge, Duration.ZERO);
    }
    PasswordFile entries = file.entries();
    Optional<String> hash = entries.hash(credentials.get().name());
    String checked = hash.orElseGet(entries::dummy);
    ByteBuffer remembered = remembered(credentials.get(), checked);
    if (right.getIfPresent(remembered) != null) {
      return new Decision.Granted(credentials.get().name());
    }
    // Forty requests of one push that begin together wait for one check.
    synchronized (locks[Math.floorMod(remembered.hashCode(), LOCKS)]) {
      if (right.getIfPresent(remembered) != null) {
        return new Decision.Granted(credentials.get().name());
      }
      return check(credentials.get(), hash.isPresent(), checked, remembered, client);
    }
  }

  private Decision check(
      BasicCredentials credentials,
      boolean known,
      String hash,
      ByteBuffer remembered,
      String client) {
    if (!enter()) {
      return new Decision.Busy();
    }
    boolean matches;
    try {
      matches = matches(hash, credentials.password());
    } finally {
      checks.release();
    }
    if (known && matches) {
      right.put(remembered, true);
      return new Decision.Granted(credentials.name());
    }
    return new Decision.Unknown(challenge, delays.afterFailure(client));
  }

  /// For tests: from now on only what is remembered is granted.
  void refuseChecks() {
    checks.drainPermits();
  }

  private boolean enter() {
    try {
      return checks.getQueueLength() < MOST_WAITING
          && checks.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  static boolean matches(String hash, String password) {
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    return OpenBSDBCrypt.checkPassword(hash, bytes);
  }

  /// Nothing that is kept tells a password to whoever reads the memory without the key.
  private ByteBuffer remembered(BasicCredentials credentials, String hash) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(key);
      for (String part : List.of(credentials.name(), credentials.password(), hash)) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        mac.update(bytes);
      }
      return ByteBuffer.wrap(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + MAC, e);
    }
  }
}
