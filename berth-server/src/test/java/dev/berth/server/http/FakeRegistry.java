package dev.berth.server.http;

import dev.berth.oci.BlobContent;
import dev.berth.oci.Descriptor;
import dev.berth.oci.Digest;
import dev.berth.oci.ErrorCode;
import dev.berth.oci.ManifestContent;
import dev.berth.oci.ManifestPush;
import dev.berth.oci.MediaType;
import dev.berth.oci.Page;
import dev.berth.oci.PageRequest;
import dev.berth.oci.PushedManifest;
import dev.berth.oci.Reference;
import dev.berth.oci.ReferrerVisitor;
import dev.berth.oci.Registry;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.oci.UploadChunk;
import dev.berth.oci.UploadId;
import dev.berth.oci.UploadSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/// A registry in a few maps: enough to see what the protocol asks for and answers. One repository
/// knows the blobs of all. Not for use by many threads.
final class FakeRegistry implements Registry {
  static final Instant STARTED = Instant.parse("2026-11-21T02:56:23Z");

  final Map<Digest, byte[]> blobs = new HashMap<>();
  final Map<UploadId, ByteArrayOutputStream> uploads = new HashMap<>();
  final Map<Digest, ManifestPush> manifests = new HashMap<>();
  final Map<Tag, Digest> tags = new TreeMap<>();
  final TreeSet<RepositoryName> repositories = new TreeSet<>();
  final List<Descriptor> referrers = new ArrayList<>();
  final List<UploadChunk> chunks = new ArrayList<>();
  Optional<Digest> subject = Optional.empty();
  Optional<RuntimeException> failure = Optional.empty();
  int openBlobs;
  int mounts;

  static Digest digest(Digest.Algorithm algorithm, byte[] bytes) {
    try {
      return Digest.of(algorithm, MessageDigest.getInstance(algorithm.jcaName()).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Holds a blob under its digests.
  Digest hold(byte[] bytes) {
    blobs.put(digest(Digest.Algorithm.SHA512, bytes), bytes);
    Digest digest = digest(Digest.Algorithm.SHA256, bytes);
    blobs.put(digest, bytes);
    return digest;
  }

  private void failIfTold() {
    failure.ifPresent(
        e -> {
          throw e;
        });
  }

  private static <T> T orElse(Optional<T> found, ErrorCode code) {
    return found.orElseThrow(() -> new RegistryException(code));
  }

  @Override
  public long blobSize(RepositoryName repository, Digest digest) {
    failIfTold();
    return orElse(Optional.ofNullable(blobs.get(digest)), ErrorCode.BLOB_UNKNOWN).length;
  }

  @Override
  public BlobContent openBlob(RepositoryName repository, Digest digest) {
    failIfTold();
    byte[] bytes = orElse(Optional.ofNullable(blobs.get(digest)), ErrorCode.BLOB_UNKNOWN);
    openBlobs++;
    return new BlobContent() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public int read(ByteBuffer target, long position) {
        int count = (int) Math.min(target.remaining(), bytes.length - position);
        target.put(bytes, (int) position, count);
        return count;
      }

      @Override
      public Optional<FileChannel> file() {
        return Optional.empty();
      }

      @Override
      public void close() {
        openBlobs--;
      }
    };
  }

  @Override
  public void deleteBlob(RepositoryName repository, Digest digest) {
    failIfTold();
    orElse(Optional.ofNullable(blobs.remove(digest)), ErrorCode.BLOB_UNKNOWN);
  }

  @Override
  public boolean mountBlob(RepositoryName to, Optional<RepositoryName> from, Digest digest) {
    mounts++;
    return blobs.containsKey(digest) && (from.isEmpty() || repositories.contains(from.get()));
  }

  @Override
  public UploadSession startUpload(RepositoryName repository) {
    failIfTold();
    var id = new UploadId("upload-" + uploads.size());
    uploads.put(id, new ByteArrayOutputStream());
    return getUpload(repository, id);
  }

  @Override
  public UploadSession getUpload(RepositoryName repository, UploadId id) {
    ByteArrayOutputStream data =
        orElse(Optional.ofNullable(uploads.get(id)), ErrorCode.BLOB_UPLOAD_UNKNOWN);
    return new UploadSession(id, STARTED, data.size());
  }

  @Override
  public UploadSession appendUpload(RepositoryName repository, UploadId id, UploadChunk chunk) {
    failIfTold();
    chunks.add(chunk);
    UploadSession session = getUpload(repository, id);
    if (chunk.offset().orElse(session.size()) != session.size()) {
      throw new RegistryException(ErrorCode.RANGE_INVALID);
    }
    ByteArrayOutputStream data = orElse(Optional.ofNullable(uploads.get(id)), ErrorCode.UNKNOWN);
    try {
      for (ByteBuffer run = chunk.body().next(); run != null; run = chunk.body().next()) {
        byte[] bytes = new byte[run.remaining()];
        run.get(bytes);
        data.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return getUpload(repository, id);
  }

  @Override
  public void commitUpload(
      RepositoryName repository, UploadId id, UploadChunk last, Digest digest) {
    UploadSession _ = appendUpload(repository, id, last);
    byte[] bytes = orElse(Optional.ofNullable(uploads.remove(id)), ErrorCode.UNKNOWN).toByteArray();
    if (!digest(digest.algorithm(), bytes).equals(digest)) {
      throw new RegistryException(ErrorCode.DIGEST_INVALID);
    }
    blobs.put(digest, bytes);
  }

  @Override
  public void cancelUpload(RepositoryName repository, UploadId id) {
    orElse(Optional.ofNullable(uploads.remove(id)), ErrorCode.BLOB_UPLOAD_UNKNOWN);
  }

  @Override
  public ManifestContent getManifest(RepositoryName repository, Reference reference) {
    failIfTold();
    Digest digest =
        switch (reference) {
          case Digest named -> named;
          case Tag tag -> orElse(Optional.ofNullable(tags.get(tag)), ErrorCode.MANIFEST_UNKNOWN);
        };
    ManifestPush push =
        orElse(Optional.ofNullable(manifests.get(digest)), ErrorCode.MANIFEST_UNKNOWN);
    return new ManifestContent(
        push.contentType().orElse(MediaType.OCI_MANIFEST),
        digest,
        push.bytes().length,
        () -> BlobContent.of(push.bytes()));
  }

  @Override
  public PushedManifest putManifest(RepositoryName repository, ManifestPush push) {
    failIfTold();
    Digest digest = push.digest().orElse(digest(Digest.Algorithm.SHA256, push.bytes()));
    if (!digest(digest.algorithm(), push.bytes()).equals(digest)) {
      throw new RegistryException(ErrorCode.DIGEST_INVALID);
    }
    manifests.put(digest, push);
    push.tags().forEach(tag -> tags.put(tag, digest));
    return new PushedManifest(digest, subject);
  }

  @Override
  public void deleteManifest(RepositoryName repository, Digest digest) {
    orElse(Optional.ofNullable(manifests.remove(digest)), ErrorCode.MANIFEST_UNKNOWN);
  }

  @Override
  public void deleteTag(RepositoryName repository, Tag tag) {
    orElse(Optional.ofNullable(tags.remove(tag)), ErrorCode.MANIFEST_UNKNOWN);
  }

  @Override
  public <T> T tags(RepositoryName repository, PageRequest page, Function<Page<Tag>, T> use) {
    failIfTold();
    return use.apply(page(List.copyOf(tags.keySet()), page));
  }

  @Override
  public Page<RepositoryName> repositories(PageRequest page) {
    return page(List.copyOf(repositories), page);
  }

  private static <T> Page<T> page(List<T> all, PageRequest page) {
    List<T> after =
        all.stream().filter(item -> item.toString().compareTo(page.last().orElse("")) > 0).toList();
    int count = Math.min(after.size(), page.limit().orElse(Integer.MAX_VALUE));
    return new Page<>(after.subList(0, count), count < after.size());
  }

  @Override
  public void referrers(RepositoryName repository, Digest subject, ReferrerVisitor visitor) {
    for (Descriptor referrer : referrers) {
      if (visitor.wants(referrer.digest())) {
        visitor.visit(referrer);
      }
    }
  }
}
