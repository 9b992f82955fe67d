package dev.berth.server.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.berth.oci.wire.OciRequest;
import dev.berth.server.auth.Logins.Login;
import dev.berth.server.auth.Logins.Outcome;
import dev.berth.server.auth.Rights.Ruling;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Knows callers by name and password, in HTTP's basic scheme.
///
/// A password that was right is remembered for a while under a keyed hash, so that a push of forty
/// requests pays for one check; a changed entry ends that at once. Nothing is remembered of wrong
/// ones but how many there were. Who gives no name is anonymous, and asked for a name wherever the
/// anonymous may not do what is asked for.
public final class BasicAuthenticator implements Authenticator {
  private static final int MOST_REMEMBERED = 10_000;
  private static final String MAC = "HmacSHA256";
  private static final int KEY_BYTES = 32;

  /// Longer than any check takes that is not stuck.
  private static final long SHARE_SECONDS = 10;

  /// While so many threads wait for checks, who has just given a wrong login is turned away.
  private static final int MOST_WAITING_OF_FAILING = 4;

  private final String challenge;
  private final Logins logins;
  private final Rights rights;
  private final LongAdder found = new LongAdder();
  private final LongAdder wrong = new LongAdder();
  private final LongAdder known = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder unavailable = new LongAdder();
  private final FailureDelays delays = new FailureDelays();

  /// Threads that wait for the check of another.
  private final AtomicInteger sharing = new AtomicInteger();

  private final SecretKeySpec key;

  /// Checks that run, for whoever comes with the same name and password meanwhile.
  private final ConcurrentMap<ByteBuffer, CompletableFuture<Outcome>> running =
      new ConcurrentHashMap<>();

  private final Cache<ByteBuffer, Known> right =
      Caffeine.newBuilder()
          .maximumSize(MOST_REMEMBERED)
          .expireAfter(Expiry.<ByteBuffer, Known>creating((_, known) -> known.remembered()))
          .executor(Runnable::run)
          .build();

  private record Known(Caller caller, Duration remembered) {}

  public BasicAuthenticator(String realm, Logins logins, Rights rights, SecureRandom random) {
    this.challenge = "Basic realm=\"" + realm + "\"";
    this.logins = logins;
    this.rights = rights;
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, MAC);
  }

  @Override
  public Decision decide(Optional<String> authorization, String client, OciRequest request) {
    if (authorization.isEmpty()) {
      return decideAnonymous(request);
    }
    Optional<BasicCredentials> credentials = authorization.flatMap(BasicCredentials::parse);
    if (credentials.isEmpty()) {
      return new Decision.Unknown(challenge, Duration.ZERO);
    }
    BasicCredentials given = credentials.get();
    if (given.isNobody()) {
      return decideAnonymous(request);
    }
    Login login = logins.find(given.name());
    ByteBuffer remembered = remembered(given, login.mark());
    Known before = right.getIfPresent(remembered);
    if (before == null) {
      return check(given, login, remembered, client, request);
    }
    known.increment();
    return decide(before.caller(), request);
  }

  @Override
  public void refresh() {
    logins.refresh();
  }

  /// How much there is to check.
  public LoginLoad load() {
    return new LoginLoad(
        logins.busy(),
        logins.waiting(),
        found.sum(),
        wrong.sum(),
        known.sum(),
        refused.sum(),
        unavailable.sum());
  }

  private Decision decide(Caller caller, OciRequest request) {
    return switch (rights.rule(caller, request)) {
      case Ruling.Allowed(Sight sight) -> new Decision.Granted(caller, sight);
      case Ruling.Refused(String reason, List<Need> missing) ->
          new Decision.Denied(caller, reason, missing);
    };
  }

  private Decision decideAnonymous(OciRequest request) {
    return switch (rights.rule(Caller.ANONYMOUS, request)) {
      case Ruling.Allowed(Sight sight) -> new Decision.Granted(Caller.ANONYMOUS, sight);
      case Ruling.Refused _ -> new Decision.Unknown(challenge, Duration.ZERO);
    };
  }

  private Decision check(
      BasicCredentials given,
      Login login,
      ByteBuffer remembered,
      String client,
      OciRequest request) {
    // Each holds a thread while it waits, which those need who are known.
    boolean tooMany =
        delays.isFailing(client) && sharing.get() + logins.waiting() >= MOST_WAITING_OF_FAILING;
    Outcome outcome = tooMany ? new Outcome.Busy() : outcome(given, login, remembered);
    count(outcome).increment();
    return switch (outcome) {
      case Outcome.Right(var name, var groups, _) -> decide(new Caller(name, groups), request);
      case Outcome.Wrong _ -> new Decision.Unknown(challenge, delays.afterFailure(client));
      case Outcome.Busy _ -> new Decision.Busy();
      case Outcome.Unavailable _ -> new Decision.Unavailable();
    };
  }

  /// Forty requests of one push that begin together wait for one check, whatever it gives.
  private Outcome outcome(BasicCredentials given, Login login, ByteBuffer remembered) {
    var mine = new CompletableFuture<Outcome>();
    CompletableFuture<Outcome> other = running.putIfAbsent(remembered, mine);
    if (other != null) {
      sharing.incrementAndGet();
      try {
        return other.get(SHARE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Outcome.Busy();
      } catch (ExecutionException | TimeoutException e) {
        return new Outcome.Busy();
      } finally {
        sharing.decrementAndGet();
      }
    }
    Outcome outcome = new Outcome.Unavailable();
    try {
      Known before = right.getIfPresent(remembered);
      outcome =
          before == null
              ? login.check(given.password())
              : new Outcome.Right(
                  before.caller().name(), before.caller().groups(), before.remembered());
      if (before == null && outcome instanceof Outcome.Right(var name, var groups, var life)) {
        right.put(remembered, new Known(new Caller(name, groups), life));
      }
      return outcome;
    } finally {
      running.remove(remembered, mine);
      mine.complete(outcome);
    }
  }

  private LongAdder count(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Right _ -> found;
      case Outcome.Wrong _ -> wrong;
      case Outcome.Busy _ -> refused;
      case Outcome.Unavailable _ -> unavailable;
    };
  }

  /// Nothing that is kept tells a password to whoever reads the memory without the key.
  private ByteBuffer remembered(BasicCredentials credentials, String mark) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(key);
      for (String part : List.of(credentials.name(), credentials.password(), mark)) {
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
