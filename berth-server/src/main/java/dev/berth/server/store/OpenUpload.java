package dev.berth.server.store;

import dev.berth.oci.BodySource;
import dev.berth.oci.Digest;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.UploadId;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageDriver.Appending;
import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageReader;
import dev.berth.storage.StorageWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An upload session taken by one caller. Bytes are hashed as they pass; where the hash of what was
/// there before is not known, all bytes are read again when the digest is asked for. Bytes in
/// several segments are put together by [#seal], and hashed then.
public final class OpenUpload implements AutoCloseable {
  private final StorageDriver driver;
  private final RepositoryName repository;
  private final UploadId id;
  private final long nonce;

  /// What was written before [#file].
  private UploadFiles before;

  /// The file that bytes are added to; null while none is.
  private @Nullable StoragePath file;

  private @Nullable StorageWriter writer;

  /// Null where there are bytes whose hash is not known.
  private @Nullable RunningHash hash;

  OpenUpload(
      StorageDriver driver,
      RepositoryName repository,
      UploadId id,
      UploadFiles before,
      long nonce) {
    this.driver = driver;
    this.repository = repository;
    this.id = id;
    this.before = before;
    this.nonce = nonce;
  }

  /// Bytes are added to this file from now on.
  void writeTo(StoragePath path, StorageWriter opened) {
    file = path;
    writer = opened;
    hash = resume(opened.size());
  }

  /// Bytes held.
  public long size() {
    return before.size() + (writer == null ? 0 : writer.size());
  }

  /// Where the bytes are. To be asked of a sealed upload.
  public StoragePath data() {
    return Objects.requireNonNull(file, "only a sealed upload is in one file");
  }

  private StorageWriter writer() {
    return Objects.requireNonNull(writer, "only an upload taken for adding bytes has a writer");
  }

  /// Adds the whole body and gives how many bytes that were.
  ///
  /// @throws IOException the client failed; what came before stays
  public long append(BodySource body) throws IOException {
    StorageWriter target = writer();
    long sizeBefore = target.size();
    RunningHash running = hash;
    for (ByteBuffer bytes = body.next(); bytes != null; bytes = body.next()) {
      if (running != null) {
        running.update(bytes);
      }
      try {
        target.write(bytes);
      } catch (RuntimeException e) {
        // The hash has seen bytes that the file may not hold.
        hash = null;
        throw e;
      }
    }
    return target.size() - sizeBefore;
  }

  /// Takes back bytes added since the upload had `size` bytes.
  public void rollBack(long size) {
    if (size < size()) {
      long left = size - before.size();
      writer().truncate(left);
      hash = resume(left);
    }
  }

  /// Ends a request that does not commit: the bytes are synced, and then the hash of them is
  /// written down for whoever continues.
  public void keep() {
    StorageWriter written = writer();
    if (written.size() == 0) {
      return;
    }
    RunningHash running = hash;
    if (running == null) {
      return;
    }
    written.sync();
    Sha256State.export(running.state())
        .ifPresent(
            state -> {
              driver.putVolatile(StoreLayout.uploadHashState(repository, id, size()), state);
              if (isInData()) {
                driver.putVolatile(StoreLayout.uploadOwnState(repository, id), state);
              }
            });
  }

  /// Brings all bytes into one file, where they are in several. No bytes may be added after it.
  ///
  /// @return false where somebody adds bytes to it, or took some away: then it is as it was
  public boolean seal() {
    List<UploadFiles.Part> parts = parts();
    if (parts.size() > 1) {
      return !isGrowing(parts.getLast().path()) && putTogether(parts);
    }
    StoragePath only = parts.isEmpty() ? lastFile() : parts.getFirst().path();
    if (only.equals(file)) {
      return true;
    }
    return switch (driver.append(only)) {
      case Appending.Busy _, Appending.Missing _ -> false;
      case Appending.Open(StorageWriter opened) when opened.size() != size() -> {
        opened.close();
        yield putTogether(parts);
      }
      case Appending.Open(StorageWriter opened) -> {
        become(only, opened);
        hash = resume(opened.size());
        yield true;
      }
    };
  }

  /// The files with bytes in them.
  private List<UploadFiles.Part> parts() {
    List<UploadFiles.Part> parts = new ArrayList<>(before.parts());
    if (writer != null) {
      parts.add(new UploadFiles.Part(data(), before.size(), writer.size()));
    }
    parts.removeIf(part -> part.length() == 0);
    return parts;
  }

  private StoragePath lastFile() {
    return file == null ? Objects.requireNonNull(before.tail(), "an upload without files") : file;
  }

  /// Whether somebody else adds to the last file, or took it away.
  private boolean isGrowing(StoragePath last) {
    if (last.equals(file)) {
      return false;
    }
    if (driver.append(last) instanceof Appending.Open(StorageWriter opened)) {
      opened.close();
      return false;
    }
    return true;
  }

  private boolean putTogether(List<UploadFiles.Part> parts) {
    StoragePath path = StoreLayout.uploadWhole(repository, id, nonce);
    if (!(driver.begin(path) instanceof Appending.Open(StorageWriter whole))) {
      return false;
    }
    boolean done = false;
    try {
      RunningHash running = new RunningHash(Sha256State.newDigest());
      for (UploadFiles.Part part : parts) {
        if (!copy(part, whole, running)) {
          return false;
        }
      }
      done = true;
      become(path, whole);
      hash = running;
    } finally {
      if (!done) {
        whole.close();
        driver.delete(path);
      }
    }
    return true;
  }

  private boolean copy(UploadFiles.Part part, StorageWriter whole, RunningHash running) {
    Optional<StorageReader> opened = driver.open(part.path());
    if (opened.isEmpty()) {
      return false;
    }
    byte[] piece = Pieces.take();
    try (StorageReader reader = opened.get()) {
      long position = 0;
      while (position < part.length()) {
        int most = (int) Math.min(piece.length, part.length() - position);
        ByteBuffer bytes = ByteBuffer.wrap(piece, 0, most);
        if (reader.read(bytes, position) <= 0) {
          return false;
        }
        position += bytes.flip().remaining();
        running.update(bytes);
        whole.write(bytes);
      }
      return true;
    } catch (IOException e) {
      throw new StorageException.Broken("cannot read " + part.path() + ": " + e.getMessage(), e);
    } finally {
      Pieces.give(piece);
    }
  }

  private void become(StoragePath path, StorageWriter opened) {
    close();
    before = UploadFiles.NONE;
    file = path;
    writer = opened;
  }

  /// Makes the bytes of a sealed upload durable (step U1).
  public void sync() {
    writer().sync();
  }

  /// The digest of all bytes of a sealed upload. May be called once for each algorithm, when no
  /// more bytes will come.
  public Digest digest(Digest.Algorithm algorithm) {
    RunningHash running = hash;
    if (algorithm == Digest.Algorithm.SHA256 && running != null) {
      return running.finish(algorithm);
    }
    RunningHash again = new RunningHash(Digests.newDigest(algorithm));
    ByteBuffer piece = ByteBuffer.wrap(Pieces.take());
    long position = 0;
    while (writer().read(piece.clear(), position) > 0) {
      position += piece.flip().remaining();
      again.update(piece);
    }
    Pieces.give(piece.array());
    return again.finish(algorithm);
  }

  @Override
  public void close() {
    if (writer != null) {
      writer.close();
    }
  }

  /// Whether bytes are added to the first file, of which alone a state is written down and
  /// believed: two processes that began at 0 at once have a file each, with other bytes and the
  /// same length.
  private boolean isInData() {
    return StoreLayout.uploadData(repository, id).equals(file);
  }

  /// The hash of the file's first `size` bytes, where it is the only one.
  private @Nullable RunningHash resume(long size) {
    if (before.size() > 0 || (size > 0 && !isInData())) {
      return null;
    }
    if (size == 0) {
      return new RunningHash(Sha256State.newDigest());
    }
    Optional<MessageDigest> continued =
        driver
            .read(StoreLayout.uploadOwnState(repository, id), Sha256State.BYTES)
            .filter(state -> Sha256State.length(state) == size)
            .flatMap(Sha256State::resume);
    return continued.map(RunningHash::new).orElse(null);
  }
}
