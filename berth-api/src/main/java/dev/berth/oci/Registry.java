package dev.berth.oci;

import java.util.Optional;
import java.util.function.Function;

/// The registry: what the protocol can ask for, without HTTP. Everything that serves images
/// implements it, everything that speaks a protocol uses it.
///
/// All methods block, are safe for use by many threads, and throw [RegistryException] with the
/// codes named (`UNAVAILABLE`, and `DENIED` with status 507 when the store is full, by any). When a
/// method that changes something returns, the change survives loss of power.
public interface Registry {
  /// Size in bytes of a blob of the repository (end-2, HEAD).
  ///
  /// @throws RegistryException `BLOB_UNKNOWN`
  long blobSize(RepositoryName repository, Digest digest);

  /// Opens a blob of the repository (end-2, GET). The caller closes it.
  ///
  /// @throws RegistryException `BLOB_UNKNOWN`
  BlobContent openBlob(RepositoryName repository, Digest digest);

  /// Takes the blob out of the repository (end-10); other repositories keep it.
  ///
  /// @throws RegistryException `BLOB_UNKNOWN`; `UNSUPPORTED` when deletion is off or a manifest
  ///   here still refers to it
  void deleteBlob(RepositoryName repository, Digest digest);

  /// Makes a blob that the registry holds known to `to` (end-11). False, with nothing changed,
  /// where `from` (or, without it, no repository) has such a blob.
  boolean mountBlob(RepositoryName to, Optional<RepositoryName> from, Digest digest);

  /// Begins an upload (end-4a). The session need not survive loss of power.
  UploadSession startUpload(RepositoryName repository);

  /// How far an upload is (end-13).
  ///
  /// @throws RegistryException `BLOB_UPLOAD_UNKNOWN`
  UploadSession getUpload(RepositoryName repository, UploadId id);

  /// Adds bytes (end-5) and gives the new state. When the client goes away in the middle, what came
  /// is kept.
  ///
  /// @throws RegistryException `BLOB_UPLOAD_UNKNOWN`; `RANGE_INVALID` where the offset is not the
  ///   session's size or somebody else is writing (the session is kept, unchanged); `SIZE_INVALID`
  ///   where the length was not as announced
  UploadSession appendUpload(RepositoryName repository, UploadId id, UploadChunk chunk);

  /// Adds the last bytes, if any, checks the digest and makes the upload a blob of the repository
  /// (end-6).
  ///
  /// @throws RegistryException as [#appendUpload]; `DIGEST_INVALID` where the bytes are others (the
  ///   session is then gone)
  void commitUpload(RepositoryName repository, UploadId id, UploadChunk last, Digest digest);

  /// Ends an upload and forgets its bytes (end-14).
  ///
  /// @throws RegistryException `BLOB_UPLOAD_UNKNOWN`
  void cancelUpload(RepositoryName repository, UploadId id);

  /// Finds a manifest (end-3); its bytes, which are what was pushed, are opened by whoever wants
  /// them.
  ///
  /// @throws RegistryException `MANIFEST_UNKNOWN`
  ManifestContent getManifest(RepositoryName repository, Reference reference);

  /// Checks, stores and tags a manifest (end-7).
  ///
  /// @throws RegistryException `MANIFEST_INVALID`, `DIGEST_INVALID`, `MANIFEST_BLOB_UNKNOWN` (one
  ///   problem for each missing reference)
  PushedManifest putManifest(RepositoryName repository, ManifestPush push);

  /// Removes a manifest and every tag that points at it (end-9, by digest).
  ///
  /// @throws RegistryException `MANIFEST_UNKNOWN`; `UNSUPPORTED` when deletion is off
  void deleteManifest(RepositoryName repository, Digest digest);

  /// Removes a tag and leaves its manifest (end-9, by tag).
  ///
  /// @throws RegistryException `MANIFEST_UNKNOWN`; `UNSUPPORTED` when deletion is off
  void deleteTag(RepositoryName repository, Tag tag);

  /// The tags of a repository in lexical order (end-8).
  ///
  /// @param use gets the page; others may wait with theirs until it returns, where the page is
  ///   large
  /// @return what `use` gave
  /// @throws RegistryException `NAME_UNKNOWN`
  <T> T tags(RepositoryName repository, PageRequest page, Function<Page<Tag>, T> use);

  /// The repositories, in the order of [RepositoryName#compareTo] (registry 2.8.2's `_catalog`).
  Page<RepositoryName> repositories(PageRequest page);

  /// Shows the manifests of the repository whose `subject` is `subject`, those that clients noted
  /// under the fallback tag included (end-12); none where there are none, whether or not the
  /// subject exists. Of a referrer with more than 64 Ki characters of annotations these are left
  /// out.
  void referrers(RepositoryName repository, Digest subject, ReferrerVisitor visitor);
}
