package dev.berth.server.auth;

import dev.berth.server.reload.Reload;
import dev.berth.server.reload.UnusableFile;
import dev.berth.server.reload.WatchedFiles;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.jspecify.annotations.Nullable;

/// The logins of an `htpasswd` file, as registry 2.8.2 has them. Who is not in the file is looked
/// for elsewhere, where there is an elsewhere.
///
/// A check costs as much as the hash was made to cost, some hundred milliseconds of a processor.
/// Few run at a time, and what finds no room is told to come again, so that guessing does not take
/// the processor from those who are known.
public final class HtpasswdLogins implements Logins {
  private static final Logger LOG = System.getLogger(HtpasswdLogins.class.getName());
  private static final Duration REMEMBERED = Duration.ofMinutes(5);
  static final int MAX_BYTES = 4 << 20;
  static final String TOO_LARGE = "larger than 4 MiB; that is no file of logins";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final WatchedFiles<PasswordFile> file;
  private final Gate gate;

  /// A check of argon2 takes up to a quarter of the heap.
  private final Gate memory = new Gate(1, PATIENCE);

  private final @Nullable Logins others;

  /// @param checksAtOnce passwords that are checked at one time
  /// @param others who knows the names that are not in the file; null for nobody
  /// @param reload is told what becomes of the file
  /// @throws UnusableFile the file is missing or cannot be read
  public HtpasswdLogins(Path path, int checksAtOnce, @Nullable Logins others, Reload reload) {
    this(path, new Gate(checksAtOnce, PATIENCE), others, reload);
  }

  HtpasswdLogins(Path path, Gate gate, @Nullable Logins others, Reload reload) {
    var kind =
        new WatchedFiles.Kind(
            "logins",
            MAX_BYTES,
            TOO_LARGE,
            "no such file of logins; make it with htpasswd -B -c " + path + " NAME");
    this.file =
        new WatchedFiles<>(List.of(path), kind, files -> parse(path, files.getFirst()), reload);
    this.gate = gate;
    this.others = others;
  }

  private static PasswordFile parse(Path path, byte[] bytes) {
    try {
      PasswordFile parsed = PasswordFile.parse(new String(bytes, StandardCharsets.UTF_8));
      parsed.useless().forEach(line -> LOG.log(Level.WARNING, "{0}: {1}", path, line));
      return parsed;
    } catch (UnusableFile e) {
      throw new UnusableFile(path + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void refresh() {
    file.renew();
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
    PasswordFile entries = file.value();
    Optional<String> hash = entries.hash(name);
    if (hash.isEmpty() && others != null && !entries.closed().contains(name)) {
      return new Other(others.find(name), file::value);
    }
    return new Line(
        gate, memory, name, hash.orElseGet(() -> entries.dummy(name)), hash.isPresent());
  }

  /// One of elsewhere. Directories take a name in capitals for the same: what the file says of a
  /// name holds however it is written.
  private record Other(Login login, Supplier<PasswordFile> file) implements Login {
    @Override
    public String mark() {
      return login.mark();
    }

    @Override
    public Outcome check(String password) {
      Outcome outcome = login.check(password);
      return outcome instanceof Outcome.Right right && file.get().speaksOf(right.name())
          ? new Outcome.Wrong()
          : outcome;
    }
  }

  /// @param known false where the hash is that of nobody
  private record Line(Gate gate, Gate memory, String name, String mark, boolean known)
      implements Login {
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
                  known && matches
                      ? new Outcome.Right(name, Set.of(), REMEMBERED)
                      : new Outcome.Wrong())
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
