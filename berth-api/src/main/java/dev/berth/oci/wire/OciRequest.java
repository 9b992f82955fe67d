package dev.berth.oci.wire;

import dev.berth.oci.Digest;
import dev.berth.oci.PageRequest;
import dev.berth.oci.Reference;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.oci.UploadId;
import java.util.List;
import java.util.Optional;

/// One request of the distribution protocol, already validated. The numbers are those of the table
/// "Endpoints" in the distribution specification.
public sealed interface OciRequest {

  /// end-1 `GET|HEAD /v2/`
  record Ping() implements OciRequest {}

  /// end-2 `GET|HEAD /v2/<name>/blobs/<digest>`
  ///
  /// @param headOnly whether only the header is wanted
  record ReadBlob(RepositoryName repository, Digest digest, boolean headOnly)
      implements OciRequest {}

  /// end-10 `DELETE /v2/<name>/blobs/<digest>`
  record DeleteBlob(RepositoryName repository, Digest digest) implements OciRequest {}

  /// end-4a `POST /v2/<name>/blobs/uploads/`, end-4c with `?digest-algorithm=<algorithm>`
  ///
  /// @param algorithm what the client says it will name the blob by; a hint only
  record StartUpload(RepositoryName repository, Optional<Digest.Algorithm> algorithm)
      implements OciRequest {}

  /// end-11 `POST /v2/<name>/blobs/uploads/?mount=<digest>&from=<name>`; `from` may be missing
  record MountBlob(RepositoryName repository, Optional<RepositoryName> from, Digest digest)
      implements OciRequest {}

  /// end-4b `POST /v2/<name>/blobs/uploads/?digest=<digest>` with the whole blob as its body
  record PostBlob(RepositoryName repository, Digest digest) implements OciRequest {}

  /// end-5 `PATCH /v2/<name>/blobs/uploads/<id>`
  ///
  /// @param state the `_state` that came with the location, unchecked; empty where the client left
  ///   it out
  record AppendUpload(RepositoryName repository, UploadId id, Optional<String> state)
      implements OciRequest {}

  /// end-6 `PUT /v2/<name>/blobs/uploads/<id>?digest=<digest>`
  ///
  /// @param state as in [AppendUpload]
  record CommitUpload(RepositoryName repository, UploadId id, Optional<String> state, Digest digest)
      implements OciRequest {}

  /// end-13 `GET|HEAD /v2/<name>/blobs/uploads/<id>`
  ///
  /// @param state as in [AppendUpload]
  record ReadUpload(RepositoryName repository, UploadId id, Optional<String> state)
      implements OciRequest {}

  /// end-14 `DELETE /v2/<name>/blobs/uploads/<id>`
  ///
  /// @param state as in [AppendUpload]
  record CancelUpload(RepositoryName repository, UploadId id, Optional<String> state)
      implements OciRequest {}

  /// end-3 `GET|HEAD /v2/<name>/manifests/<tag-or-digest>`
  ///
  /// @param headOnly whether only the header is wanted
  record ReadManifest(RepositoryName repository, Reference reference, boolean headOnly)
      implements OciRequest {}

  /// end-7a `PUT /v2/<name>/manifests/<tag-or-digest>`, end-7b with `?tag=<tag>` once or more
  ///
  /// @param tags the tags of the query, each once, in the order given; empty for end-7a
  record PutManifest(RepositoryName repository, Reference reference, List<Tag> tags)
      implements OciRequest {
    public PutManifest {
      tags = List.copyOf(tags);
    }
  }

  /// end-9 `DELETE /v2/<name>/manifests/<digest>`
  record DeleteManifest(RepositoryName repository, Digest digest) implements OciRequest {}

  /// end-9 `DELETE /v2/<name>/manifests/<tag>`
  record DeleteTag(RepositoryName repository, Tag tag) implements OciRequest {}

  /// end-8a `GET /v2/<name>/tags/list`, end-8b with `?n=<integer>&last=<tag>`
  record ListTags(RepositoryName repository, PageRequest page) implements OciRequest {}

  /// end-12a `GET /v2/<name>/referrers/<digest>`, end-12b with `?artifactType=<type>`
  ///
  /// @param artifactType only referrers of this type; empty for all; an empty text means those
  ///   without a type
  /// @param page `last` is the digest of the last referrer of the page before
  record ListReferrers(
      RepositoryName repository, Digest subject, Optional<String> artifactType, PageRequest page)
      implements OciRequest {}

  /// `GET /v2/_catalog?n=<integer>&last=<name>`, of registry 2.8.2; not in the specification
  record Catalog(PageRequest page) implements OciRequest {}

  /// Whether the request asks for a change. Such requests are refused in read-only mode and while
  /// the store is unhealthy.
  default boolean changes() {
    return switch (this) {
      case Ping _,
          ReadBlob _,
          ReadUpload _,
          ReadManifest _,
          ListTags _,
          ListReferrers _,
          Catalog _ ->
          false;
      case DeleteBlob _,
          StartUpload _,
          MountBlob _,
          PostBlob _,
          AppendUpload _,
          CommitUpload _,
          CancelUpload _,
          PutManifest _,
          DeleteManifest _,
          DeleteTag _ ->
          true;
    };
  }
}
