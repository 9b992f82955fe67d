package dev.berth.server.auth;

import dev.berth.server.reload.UnusableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/// Changes an `htpasswd` file: one line at a time, all others stay as they are. A reader sees the
/// old file or the new one; the new one survives loss of power.
public final class PasswordFileEditor {
  private static final int COST = 10;
  private static final int SALT_BYTES = 16;
  private static final int MOST_PASSWORD_BYTES = 72;
  private static final int MOST_BYTES_OF_ARGON2 = 1024;
  private static final Set<PosixFilePermission> NEW_FILE =
      PosixFilePermissions.fromString("rw-r-----");

  private final Path path;
  private final SecureRandom random;

  public PasswordFileEditor(Path path, SecureRandom random) {
    this.path = path;
    this.random = random;
  }

  /// Gives the name this password, whether or not it is there; makes the file where it is missing.
  ///
  /// @param argon2 whether the hash is argon2id, which registry 2.8.2 does not know; else bcrypt
  /// @throws UnusableFile the name or the password cannot be, or the file is none; says why
  public void put(String name, String password, boolean argon2) throws IOException {
    checkName(name);
    checkPassword(password, argon2);
    List<String> lines = new ArrayList<>(lines());
    lines.removeIf(line -> isOf(line, name));
    lines.add(name + ":" + (argon2 ? Argon2Hash.of(password, random).text() : hash(password)));
    write(lines);
  }

  /// Takes the name out.
  ///
  /// @return false where it was not there
  public boolean remove(String name) throws IOException {
    List<String> lines = new ArrayList<>(lines());
    boolean removed = lines.removeIf(line -> isOf(line, name));
    if (removed) {
      write(lines);
    }
    return removed;
  }

  /// Whether the name has this password.
  public boolean verify(String name, String password) throws IOException {
    return PasswordFile.parse(String.join("\n", lines()))
        .hash(name)
        .filter(hash -> HtpasswdLogins.matches(hash, password))
        .isPresent();
  }

  private static void checkName(String name) {
    boolean plain = name.chars().noneMatch(c -> c == ':' || Character.isISOControl(c));
    if (name.isBlank() || !plain || name.startsWith("#") || !name.equals(name.strip())) {
      throw new UnusableFile("a name must not be empty, begin with #, or hold a colon");
    }
  }

  private static void checkPassword(String password, boolean argon2) {
    int length = password.getBytes(StandardCharsets.UTF_8).length;
    if (argon2 && length > 0 && length <= MOST_BYTES_OF_ARGON2) {
      return;
    }
    if (length == 0 || length > MOST_PASSWORD_BYTES) {
      throw new UnusableFile("a password must have 1 to 72 bytes: bcrypt looks at no more");
    }
  }

  private List<String> lines() throws IOException {
    try {
      List<String> lines = Files.readAllLines(path, StandardCharsets.UTF_8);
      PasswordFile _ = PasswordFile.parse(String.join("\n", lines));
      return lines;
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static boolean isOf(String line, String name) {
    return line.strip().startsWith(name + ":");
  }

  private String hash(String password) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return OpenBSDBCrypt.generate("2y", password.getBytes(StandardCharsets.UTF_8), salt, COST);
  }

  private void write(List<String> lines) throws IOException {
    boolean isThere = Files.exists(path);
    Path target = isThere ? path.toRealPath() : path.toAbsolutePath();
    Path folder = target.getParent() == null ? target : target.getParent();
    PosixFileAttributes before =
        isThere ? Files.readAttributes(target, PosixFileAttributes.class) : null;
    Set<PosixFilePermission> mode = before == null ? NEW_FILE : before.permissions();
    Path fresh =
        Files.createTempFile(folder, ".berth-", ".tmp", PosixFilePermissions.asFileAttribute(mode));
    try {
      if (before != null) {
        keepOwner(target, before, fresh);
      }
      Files.setPosixFilePermissions(fresh, mode);
      byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
      try (FileChannel file = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text);
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
        file.force(true);
      }
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel opened = FileChannel.open(folder)) {
        opened.force(true);
      }
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /// Who may read the file may read the new one: the server perhaps by its group alone.
  private static void keepOwner(Path target, PosixFileAttributes before, Path fresh)
      throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
    PosixFileAttributes now = view.readAttributes();
    try {
      if (!now.group().equals(before.group())) {
        view.setGroup(before.group());
      }
      if (!now.owner().equals(before.owner())) {
        view.setOwner(before.owner());
      }
    } catch (IOException e) {
      throw new IOException(
          target
              + ": its owner "
              + before.owner().getName()
              + " and group "
              + before.group().getName()
              + " could not be kept; run this as root or as the owner",
          e);
    }
  }
}
