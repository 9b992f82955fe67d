package dev.berth.storage.filesystem;

import dev.berth.storage.StorageException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells what kind of failure an error of the operating system is. The JDK gives most errors only
/// as the text of `strerror`, so these are English texts; a process whose `LC_MESSAGES` is another
/// language would see them as [StorageException.Broken].
final class Failure {
  private static final List<String> FULL =
      List.of("No space left on device", "Disk quota exceeded");
  private static final List<String> FORBIDDEN =
      List.of("Read-only file system", "Permission denied", "Operation not permitted");
  private static final List<String> BUSY =
      List.of("Too many open files", "No locks available", "Connection timed out");
  private static final String STALE = "Stale file handle";

  /// ENOTDIR.
  static final String NOT_A_FOLDER = "Not a directory";

  private static final String A_FOLDER = "Is a directory";
  private static final List<String> ABSENT = List.of(NOT_A_FOLDER, A_FOLDER, "File name too long");
  private static final List<String> NO_HARD_LINKS =
      List.of("Operation not permitted", "Operation not supported", "Function not implemented");

  private Failure() {}

  /// The exception for `error`, met while doing `action` (for example "write") on `subject`.
  static StorageException of(String action, Object subject, IOException error) {
    String what = "cannot " + action + " " + subject + ": ";
    if (says(error, FULL)) {
      String text = what + "the storage is full; free space, enlarge the volume or raise the quota";
      return new StorageException.OutOfSpace(text, error);
    }
    if (error instanceof AccessDeniedException || says(error, FORBIDDEN)) {
      String text = what + reason(error) + "; give this process's user the right to write there";
      return new StorageException.Forbidden(text, error);
    }
    if (isStale(error) || says(error, BUSY)) {
      String text = what + reason(error) + "; try again, and look at the limits or the file server";
      return new StorageException.Unavailable(text, error);
    }
    return new StorageException.Broken(what + broken(error), error);
  }

  private static String broken(IOException error) {
    if (error instanceof ClosedByInterruptException) {
      return "the thread was interrupted, which closes its files; this is a mistake in the program";
    }
    if (says(error, List.of(NOT_A_FOLDER))) {
      return "a file stands where a folder belongs; move it out of the storage";
    }
    if (says(error, List.of(A_FOLDER))) {
      return "a folder stands where a file belongs; move it out of the storage";
    }
    return reason(error) + "; look at the kernel's log and check the file system";
  }

  /// Whether the error only says that there is no such file, and perhaps cannot be.
  static boolean isAbsent(IOException error) {
    return error instanceof NoSuchFileException
        || error instanceof NotDirectoryException
        || says(error, ABSENT);
  }

  /// ESTALE: the file was replaced on its server; opening it again finds the new one.
  static boolean isStale(IOException error) {
    return says(error, List.of(STALE));
  }

  static boolean meansNoHardLinks(IOException error) {
    return says(error, NO_HARD_LINKS);
  }

  private static boolean says(IOException error, List<String> texts) {
    String reason = systemText(error);
    return reason != null && texts.stream().anyMatch(reason::contains);
  }

  private static @Nullable String systemText(IOException error) {
    return error instanceof FileSystemException e ? e.getReason() : error.getMessage();
  }

  /// The error in words, without the path.
  static String reason(IOException error) {
    if (error instanceof AccessDeniedException) {
      return "permission denied";
    }
    String text = systemText(error);
    return text == null ? error.getClass().getSimpleName() : text;
  }
}
