package dev.berth.server.auth;

import dev.berth.server.reload.Reload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.jspecify.annotations.Nullable;

/// The logins of an `htpasswd` file, as registry 2.8.2 has them. Who is not in the file is looked
/// for elsewhere, where there is an elsewhere.
///
/// A check costs as much as the hash was made to cost, some hundred milliseconds of a processor.
/// Few run at a time, and what finds no room is told to come again, so that guessing does not take
/// the processor from those who are known.
public final class HtpasswdLogins implements Logins {
  private static final Duration REMEMBERED = Duration.ofMinutes(5);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final WatchedPasswordFile file;
  private final Gate gate;

  /// A check of argon2 takes up to a quarter of the heap.
  private final Gate memory = new Gate(1, PATIENCE);

  private final @Nullable Logins others;

  /// @param checksAtOnce passwords that are checked at one time
  /// @param others who knows the names that are not in the file; null for nobody
  /// @param reload is told what becomes of the file
  /// @throws UnusableLogins the file is missing or cannot be read
  public HtpasswdLogins(Path path, int checksAtOnce, @Nullable Logins others, Reload reload) {
    this(
        new WatchedPasswordFile(path, LOOK_EVERY, reload),
        new Gate(checksAtOnce, PATIENCE),
        others);
  }

  HtpasswdLogins(WatchedPasswordFile file, Gate gate, @Nullable Logins others) {
    this.file = file;
    this.gate = gate;
    this.others = others;
  }

  @Override
  public void refresh() {
    var _ = file.entries();
    if (others != null) {
      others.refresh();
    }
  }

  @Override
  public int busy() {
    return gate.busy() + (others == null ? 0 : others.busy());
  }

  @Override
  public int waiting() {
    return gate.waiting() + (others == null ? 0 : others.waiting());
  }

  @Override
  public Login find(String name) {
    PasswordFile entries = file.entries();
    Optional<String> hash = entries.hash(name);
    if (hash.isEmpty() && others != null) {
      return others.find(name);
    }
    return new Line(gate, memory, hash.orElseGet(entries::dummy), hash.isPresent());
  }

  /// @param known false where the hash is that of nobody
  private record Line(Gate gate, Gate memory, String mark, boolean known) implements Login {
    @Override
    public Outcome check(String password) {
      Optional<Boolean> checked =
          mark.startsWith(Argon2Hash.PREFIX)
              ? gate.through(() -> memory.through(() -> matches(mark, password)))
                  .flatMap(matches -> matches)
              : gate.through(() -> matches(mark, password));
      return checked
          .map(
              matches ->
                  known && matches ? new Outcome.Right(Set.of(), REMEMBERED) : new Outcome.Wrong())
          .orElseGet(Outcome.Busy::new);
    }

    @Override
    public String toString() {
      return "Line[not shown]";
    }
  }

  static boolean matches(String hash, String password) {
    if (hash.startsWith(Argon2Hash.PREFIX)) {
      return Argon2Hash.parse(hash).filter(argon2 -> argon2.matches(password)).isPresent();
    }
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    return OpenBSDBCrypt.checkPassword(hash, bytes);
  }
}
