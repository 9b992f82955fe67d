package dev.berth.server.store;

import dev.berth.oci.BodySource;
import dev.berth.oci.Digest;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.UploadId;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An upload session taken for writing by one caller. Bytes are hashed as they pass; where the hash
/// of what was there before is not known, all bytes are read again when the digest is asked for.
public final class OpenUpload implements AutoCloseable {
  private final StorageDriver driver;
  private final RepositoryName repository;
  private final UploadId id;
  private final StorageWriter writer;

  /// Null where bytes are in the file whose hash is not known.
  private @Nullable RunningHash hash;

  OpenUpload(StorageDriver driver, RepositoryName repository, UploadId id, StorageWriter writer) {
    this.driver = driver;
    this.repository = repository;
    this.id = id;
    this.writer = writer;
    this.hash = resume(writer.size());
  }

  /// Bytes held.
  public long size() {
    return writer.size();
  }

  /// Where the bytes are.
  public StoragePath data() {
    return StoreLayout.uploadData(repository, id);
  }

  /// Adds the whole body and gives how many bytes that were.
  ///
  /// @throws IOException the client failed; what came before stays
  public long append(BodySource body) throws IOException {
    long before = writer.size();
    RunningHash running = hash;
    for (ByteBuffer bytes = body.next(); bytes != null; bytes = body.next()) {
      if (running != null) {
        running.update(bytes);
      }
      try {
        writer.write(bytes);
      } catch (RuntimeException e) {
        // The hash has seen bytes that the file may not hold.
        hash = null;
        throw e;
      }
    }
    return writer.size() - before;
  }

  /// Takes back bytes added since the upload had `size` bytes.
  public void rollBack(long size) {
    if (size < writer.size()) {
      writer.truncate(size);
      hash = resume(size);
    }
  }

  /// Ends a request that does not commit: the bytes are synced, and then the hash of them is
  /// written down for whoever continues.
  public void keep() {
    RunningHash running = hash;
    if (writer.size() == 0 || running == null) {
      return;
    }
    writer.sync();
    Sha256State.export(running.state())
        .ifPresent(
            state -> {
              driver.putVolatile(StoreLayout.uploadHashState(repository, id, writer.size()), state);
              driver.putVolatile(StoreLayout.uploadOwnState(repository, id), state);
            });
  }

  /// Makes the bytes durable (step U1).
  public void sync() {
    writer.sync();
  }

  /// The digest of all bytes. May be called once for each algorithm, when no more bytes will come.
  public Digest digest(Digest.Algorithm algorithm) {
    RunningHash running = hash;
    if (algorithm == Digest.Algorithm.SHA256 && running != null) {
      return running.finish(algorithm);
    }
    RunningHash again = new RunningHash(Digests.newDigest(algorithm));
    ByteBuffer piece = ByteBuffer.wrap(Pieces.take());
    long position = 0;
    while (writer.read(piece.clear(), position) > 0) {
      position += piece.flip().remaining();
      again.update(piece);
    }
    Pieces.give(piece.array());
    return again.finish(algorithm);
  }

  @Override
  public void close() {
    writer.close();
  }

  private @Nullable RunningHash resume(long size) {
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
