package dev.berth.server.store;

import dev.berth.oci.Digest;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.oci.UploadId;
import dev.berth.storage.StoragePath;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where everything lies. The only class that knows paths; it does no I/O. The normative text is
/// `docs/storage-format.md`.
final class StoreLayout {
  /// The folder of registry 2.8.2's whole content.
  static final String ROOT = "docker/registry/v2";

  /// Berth's own folder, beside `docker/`; registry 2.8.2 never looks into it.
  static final StoragePath FORMAT = new StoragePath("berth/format");

  static final StoragePath SECRET = new StoragePath("berth/secret");
  static final StoragePath PROBE = new StoragePath("berth/probe");
  static final StoragePath RESERVE = new StoragePath("berth/reserve");
  static final StoragePath EVENTS = new StoragePath("berth/events");

  /// Beside the folders of the replicas, whose names are longer.
  static final String DEAD_LETTERS = "dead";

  static final StoragePath REPOSITORIES = new StoragePath(ROOT + "/repositories");

  /// What must be folders where it is there at all.
  static final List<StoragePath> FOLDERS =
      List.of(
          new StoragePath("docker"),
          new StoragePath("docker/registry"),
          new StoragePath(ROOT),
          new StoragePath(ROOT + "/blobs"),
          new StoragePath(ROOT + "/blobs/sha256"),
          REPOSITORIES);

  static final String LAYERS = "_layers";
  static final String MANIFESTS = "_manifests";
  static final String UPLOADS = "_uploads";

  private static final int FAN_OUT = 2;
  private static final String DATA = "data";
  private static final String SEGMENT = "s.";
  private static final Pattern SEGMENT_NAME = Pattern.compile("s\\.(0|[1-9][0-9]{0,17})");

  private StoreLayout() {}

  /// The bytes of a blob or manifest. Always by sha256: other digests are aliases (see
  /// [#layerLink]).
  static StoragePath blobData(Digest sha256) {
    if (sha256.algorithm() != Digest.Algorithm.SHA256) {
      throw new IllegalStateException("content is stored by sha256, asked for " + sha256);
    }
    String hex = sha256.hex();
    return new StoragePath(
        ROOT + "/blobs/sha256/" + hex.substring(0, FAN_OUT) + "/" + hex + "/data");
  }

  static StoragePath repository(RepositoryName name) {
    return new StoragePath(ROOT + "/repositories/" + name.value());
  }

  /// Says that the repository has the blob; holds the sha256 digest of its bytes.
  static StoragePath layerLink(RepositoryName name, Digest digest) {
    return link(name, "_layers/", digest);
  }

  static StoragePath layers(RepositoryName name, Digest.Algorithm algorithm) {
    return repository(name).resolve(LAYERS + "/" + algorithm.prefix());
  }

  /// Says that the repository has the manifest: the publication of a push.
  static StoragePath revisionLink(RepositoryName name, Digest digest) {
    return link(name, "_manifests/revisions/", digest);
  }

  static StoragePath revisions(RepositoryName name, Digest.Algorithm algorithm) {
    return repository(name).resolve("_manifests/revisions/" + algorithm.prefix());
  }

  static StoragePath tags(RepositoryName name) {
    return repository(name).resolve("_manifests/tags");
  }

  static StoragePath tag(RepositoryName name, Tag tag) {
    return new StoragePath(
        ROOT + "/repositories/" + name.value() + "/_manifests/tags/" + tag.value());
  }

  /// What the tag points at now.
  static StoragePath tagCurrent(RepositoryName name, Tag tag) {
    return new StoragePath(
        ROOT
            + "/repositories/"
            + name.value()
            + "/_manifests/tags/"
            + tag.value()
            + "/current/link");
  }

  /// The manifests that the tag ever pointed at, one folder each; under sha512 those that were
  /// pushed to it by that name.
  static StoragePath tagIndex(RepositoryName name, Tag tag, Digest.Algorithm algorithm) {
    return new StoragePath(
        ROOT
            + "/repositories/"
            + name.value()
            + "/_manifests/tags/"
            + tag.value()
            + "/index/"
            + algorithm.prefix());
  }

  static StoragePath tagIndexLink(RepositoryName name, Tag tag, Digest digest) {
    return tagIndex(name, tag, digest.algorithm()).resolve(digest.hex() + "/link");
  }

  static StoragePath uploads(RepositoryName name) {
    return repository(name).resolve(UPLOADS);
  }

  static StoragePath upload(RepositoryName name, UploadId id) {
    return new StoragePath(ROOT + "/repositories/" + name.value() + "/_uploads/" + id.value());
  }

  static StoragePath uploadData(RepositoryName name, UploadId id) {
    return upload(name, id).resolve(DATA);
  }

  /// Bytes of an upload from `start` on, where another process goes on than the one that wrote what
  /// is before them.
  static StoragePath uploadSegment(RepositoryName name, UploadId id, long start) {
    return upload(name, id).resolve(SEGMENT + start);
  }

  /// A file that was found in the folder of an upload.
  static StoragePath uploadFile(RepositoryName name, UploadId id, String file) {
    return upload(name, id).resolve(file);
  }

  /// Where the bytes of the file so called begin in an upload, 0 for `data`; -1 for other files.
  static long segmentStart(String name) {
    if (name.equals(DATA)) {
      return 0;
    }
    Matcher segment = SEGMENT_NAME.matcher(name);
    return segment.matches() ? Long.parseLong(segment.group(1)) : -1;
  }

  /// Where the segments of an upload are put together when it is committed.
  static StoragePath uploadWhole(RepositoryName name, UploadId id, long nonce) {
    return upload(name, id).resolve("whole." + Long.toHexString(nonce));
  }

  /// RFC 3339 in UTC, whole seconds.
  static StoragePath uploadStartedAt(RepositoryName name, UploadId id) {
    return upload(name, id).resolve("startedat");
  }

  /// The state of SHA-256 after `offset` bytes, in the encoding that registry 2.8.2 reads.
  static StoragePath uploadHashState(RepositoryName name, UploadId id, long offset) {
    return upload(name, id).resolve("hashstates/sha256/" + offset);
  }

  /// The same state for Berth itself, written last: it is only true of a `data` of exactly that
  /// length, so bytes that another registry appended are noticed and hashed again.
  static StoragePath uploadOwnState(RepositoryName name, UploadId id) {
    return upload(name, id).resolve("berth");
  }

  /// What one process has for its endpoints.
  static StoragePath eventReplica(String replica) {
    return EVENTS.resolve(replica);
  }

  /// Held by the process that the folder belongs to.
  static StoragePath eventOwner(String replica) {
    return eventReplica(replica).resolve("owner");
  }

  /// A part of the queue of one endpoint; the numbers rise.
  static StoragePath eventSegment(String replica, String queue, long number) {
    return eventReplica(replica).resolve(queue + "." + number);
  }

  /// How far the queue was delivered.
  static StoragePath eventPosition(String replica, String queue) {
    return eventReplica(replica).resolve(queue + ".position");
  }

  /// What one endpoint never got.
  static StoragePath deadLetters(String queue) {
    return EVENTS.resolve(DEAD_LETTERS + "/" + queue + ".jsonl");
  }

  /// Those of before.
  static StoragePath olderDeadLetters(String queue) {
    return EVENTS.resolve(DEAD_LETTERS + "/" + queue + ".old.jsonl");
  }

  private static StoragePath link(RepositoryName name, String kind, Digest digest) {
    return new StoragePath(
        ROOT
            + "/repositories/"
            + name.value()
            + "/"
            + kind
            + digest.algorithm().prefix()
            + "/"
            + digest.hex()
            + "/link");
  }
}
