package dev.berth.server.registry;

import dev.berth.oci.Digest;
import dev.berth.oci.ErrorCode;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.UploadChunk;
import dev.berth.oci.UploadId;
import dev.berth.oci.UploadSession;
import dev.berth.server.store.BlobStore;
import dev.berth.server.store.OpenUpload;
import dev.berth.server.store.Store;
import dev.berth.server.store.UploadStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/// Uploads: from the first byte to a blob of the repository.
final class Uploads {
  private final Store store;
  private final BlobStore blobs;
  private final OpenSessions sessions;

  Uploads(Store store, int maxOpen) {
    this.store = store;
    this.blobs = store.blobs();
    this.sessions = new OpenSessions(maxOpen);
  }

  UploadSession start(RepositoryName repository) {
    if (!store.space().roomForUploads()) {
      throw Faults.storageFull();
    }
    sessions.enter();
    UploadSession session = store.uploads().start(repository);
    sessions.opened(session.id());
    return session;
  }

  UploadSession get(RepositoryName repository, UploadId id) {
    return store.uploads().find(repository, id).orElseThrow(() -> unknown(id));
  }

  UploadSession append(RepositoryName repository, UploadId id, UploadChunk chunk) {
    try (OpenUpload upload = take(repository, id, chunk)) {
      add(upload, chunk);
      upload.keep();
      sessions.touched(id);
      return get(repository, id);
    }
  }

  void commit(RepositoryName repository, UploadId id, UploadChunk last, Digest digest) {
    boolean whole = last.length().orElse(-1) == 0;
    try (OpenUpload upload = whole ? takeWhole(repository, id) : take(repository, id, last)) {
      if (!whole) {
        add(upload, last);
      }
      if (!upload.seal()) {
        throw busy();
      }
      Digest sha256 = upload.digest(Digest.Algorithm.SHA256);
      Digest actual =
          digest.algorithm() == Digest.Algorithm.SHA256
              ? sha256
              : upload.digest(digest.algorithm());
      if (!actual.equals(digest)) {
        discard(repository, id);
        throw new RegistryException(
            ErrorCode.DIGEST_INVALID,
            ErrorCode.DIGEST_INVALID.message(),
            Map.of("Digest", digest.toString(), "Actual", actual.toString()));
      }
      publish(repository, upload, sha256, digest, id);
    }
    discard(repository, id);
  }

  void cancel(RepositoryName repository, UploadId id) {
    if (!discard(repository, id)) {
      throw unknown(id);
    }
  }

  /// Steps U1 to U4 of docs/storage-format.md.
  private void publish(
      RepositoryName repository, OpenUpload upload, Digest sha256, Digest digest, UploadId id) {
    long size = upload.size();
    upload.sync();
    if (!blobs.adopt(upload.data(), sha256, size)) {
      throw unknown(id);
    }
    blobs.link(repository, sha256, digest);
    boolean stands =
        blobs.size(sha256).isPresent()
            && blobs.resolve(repository, digest).filter(sha256::equals).isPresent();
    if (!stands) {
      throw new RegistryException(
          ErrorCode.UNAVAILABLE, "the blob was removed while it was being stored, push it again");
    }
  }

  int open() {
    return sessions.open();
  }

  /// Adds the chunk's bytes. What a client announced wrongly is taken back; what it sent before it
  /// went away is kept, so that it can go on.
  private static void add(OpenUpload upload, UploadChunk chunk) {
    long before = upload.size();
    long added;
    try {
      added = upload.append(chunk.body());
    } catch (IOException e) {
      upload.keep();
      throw new UncheckedIOException(e);
    }
    if (chunk.length().isPresent() && chunk.length().getAsLong() != added) {
      upload.rollBack(before);
      throw new RegistryException(
          ErrorCode.SIZE_INVALID,
          "announced " + chunk.length().getAsLong() + " bytes, sent " + added);
    }
  }

  private OpenUpload take(RepositoryName repository, UploadId id, UploadChunk chunk) {
    return taken(id, store.uploads().take(repository, id, chunk.offset()));
  }

  private OpenUpload takeWhole(RepositoryName repository, UploadId id) {
    return taken(id, store.uploads().takeWhole(repository, id));
  }

  private static OpenUpload taken(UploadId id, UploadStore.Taking taking) {
    return switch (taking) {
      case UploadStore.Taking.Taken(OpenUpload upload) -> upload;
      case UploadStore.Taking.Busy _ -> throw busy();
      case UploadStore.Taking.Misplaced(long size) ->
          throw new RegistryException(
              ErrorCode.RANGE_INVALID,
              "the upload holds " + size + " bytes, the next chunk must start there");
      case UploadStore.Taking.TooManySegments(int most) ->
          throw new RegistryException(
              ErrorCode.BLOB_UPLOAD_INVALID,
              "the upload went on elsewhere more than "
                  + most
                  + " times: begin a new one, with larger chunks");
      case UploadStore.Taking.Unknown _ -> throw unknown(id);
    };
  }

  private static RegistryException busy() {
    return new RegistryException(
        ErrorCode.RANGE_INVALID, "another request is writing to this upload");
  }

  private boolean discard(RepositoryName repository, UploadId id) {
    boolean discarded = store.uploads().discard(repository, id);
    if (discarded) {
      sessions.ended(id);
    }
    return discarded;
  }

  private static RegistryException unknown(UploadId id) {
    return new RegistryException(
        ErrorCode.BLOB_UPLOAD_UNKNOWN,
        "upload " + id + " is not known: it ended or never began; begin a new one",
        Map.of());
  }
}
