package dev.berth.storage;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Stores byte sequences under paths. Knows nothing about images.
///
/// Implementations are safe for use by many threads. Every method blocks and may throw
/// [StorageException]. "Durable" means: survives loss of power from the moment the method returns
/// (the write protocol: temporary file, write, sync, rename, sync of every folder created or
/// changed). Folders are made as needed and may be left behind empty. Names of temporary files
/// begin with `.`, end in `.tmp` and never show in [#list]; no tag and no repository can be called
/// so, while one that only ends in `.tmp` can.
public interface StorageDriver extends AutoCloseable {
  DriverTraits traits();

  /// What stands at `path`; empty where nothing does.
  Optional<FileInfo> stat(StoragePath path);

  /// The whole content of a small file; empty where there is no such file.
  ///
  /// @param limit most bytes expected; a longer file is [StorageException.Broken]
  Optional<byte[]> read(StoragePath path, int limit);

  /// Opens a file for reading; empty where there is no such file.
  Optional<StorageReader> open(StoragePath path);

  /// Replaces the file at `path` with `content`, durably. Readers see the old bytes or the new,
  /// never a mixture.
  void put(StoragePath path, byte[] content);

  /// Creates the file at `path` with `content`, durably, unless something is there: then false and
  /// no change. Of several callers at once, in any number of processes, one gets true.
  boolean create(StoragePath path, byte[] content);

  /// As [#create], and only the owner and its group can read the file (mode 0640).
  boolean createPrivate(StoragePath path, byte[] content);

  /// Creates or replaces a file of no lasting worth: as [#put], but need not survive loss of power,
  /// and of a file that was not there before a reader may see a part.
  void putVolatile(StoragePath path, byte[] content);

  /// Opens an existing file for appending at its end. The answer says whether it could, or whether
  /// another writer, of this or of another process on this machine, has the file open.
  Appending append(StoragePath path);

  /// Makes an empty file of no lasting worth and opens it for appending. Of several callers at
  /// once, in any number of processes, one gets it. The answer is busy where something is at the
  /// path or somebody just begins it, and missing where the folder it belongs in is not there.
  Appending begin(StoragePath path);

  /// Renames a file, durably, replacing what is at `to`. False where there is nothing at `from`.
  /// The name at `from` goes in the same step. The content is as durable as it was before: sync the
  /// writer first.
  boolean move(StoragePath from, StoragePath to);

  /// Sets the file's modification time to now, where the store allows it. Never fails, promises
  /// nothing.
  void touch(StoragePath path);

  /// Removes a file, durably. False where there is none, also where a folder is.
  boolean delete(StoragePath path);

  /// Removes a folder and all below it, durably once it returns. False where there is none. Files
  /// that others remove at the same time do no harm.
  boolean deleteTree(StoragePath path);

  /// As [#deleteTree], for a folder of no lasting worth: it may be back after loss of power.
  boolean discard(StoragePath folder);

  /// The names in a folder, in no order; empty list where the folder is empty, empty answer where
  /// there is no such folder. An error while listing is an exception, never a shorter list.
  Optional<List<String>> list(StoragePath folder);

  /// Shows each name of a folder to `visitor`, in no order, so that a folder of any size takes no
  /// memory. The visitor must not change the folder. False where there is no such folder; an error
  /// while listing is an exception, after which the visitor has seen some of the names.
  boolean visit(StoragePath folder, Consumer<String> visitor);

  /// Makes durable that the file at `path` stands there, content included, whoever put it there.
  /// False where there is no such file.
  boolean sync(StoragePath path);

  /// Waits until no other thread, and no other process on this machine, holds `path`, and holds it
  /// until closed. Nothing need be at the path. Not reentrant; says nothing to whoever does not
  /// ask, [#append] among them.
  ///
  /// @throws StorageException.Unavailable somebody held it for more than 10 s
  Lock lock(StoragePath path);

  /// Room in the store now.
  Space space();

  @Override
  void close();

  /// The right to what [#lock] names, given back by closing.
  interface Lock extends AutoCloseable {
    @Override
    void close();
  }

  /// The answer of [#append] and [#begin].
  sealed interface Appending {
    /// The caller is the only writer until it closes the writer.
    record Open(StorageWriter writer) implements Appending {}

    /// Somebody else writes to the file.
    record Busy() implements Appending {}

    /// There is no such file, or no such folder.
    record Missing() implements Appending {}
  }
}
