package dev.berth.storage;

import org.jspecify.annotations.Nullable;

/// The device failed. "Not there" is never an exception but an empty answer.
public sealed class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private StorageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// Whether the same call may succeed a little later.
  public boolean retryHelps() {
    return this instanceof Unavailable;
  }

  /// The store is full, or the quota is used up (ENOSPC, EDQUOT). What was there is unchanged.
  public static final class OutOfSpace extends StorageException {
    private static final long serialVersionUID = 1L;

    public OutOfSpace(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// Not allowed: read-only file system or missing rights (EROFS, EACCES, EPERM).
  public static final class Forbidden extends StorageException {
    private static final long serialVersionUID = 1L;

    public Forbidden(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// Not now: stale handle, time-out, too many open files. Nothing was changed.
  public static final class Unavailable extends StorageException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// Read or write error, failed sync: the change must not be acknowledged.
  public static final class Broken extends StorageException {
    private static final long serialVersionUID = 1L;

    public Broken(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
