package dev.berth.oci.wire;

import dev.berth.oci.Digest;
import dev.berth.oci.PageRequest;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.oci.UploadId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Requests of every kind, with and without their parameters.
public final class OneOfEach {
  private OneOfEach() {}

  public static List<OciRequest> of(RepositoryName name, Digest digest) {
    var id = new UploadId("93d9ce19-1ef2-4ae3-8a00-5599b5f5728d");
    var tag = new Tag("v1.0");
    Optional<String> state = Optional.of("a-b_c== &?%");
    var page = new PageRequest(OptionalInt.of(7), Optional.of("a/b&c=ü"));
    var all = new PageRequest(OptionalInt.empty(), Optional.empty());
    return List.of(
        new OciRequest.Ping(),
        new OciRequest.ReadBlob(name, digest, false),
        new OciRequest.ReadBlob(name, digest, true),
        new OciRequest.DeleteBlob(name, digest),
        new OciRequest.StartUpload(name, Optional.empty()),
        new OciRequest.StartUpload(name, Optional.of(Digest.Algorithm.SHA512)),
        new OciRequest.MountBlob(name, Optional.of(name), digest),
        new OciRequest.MountBlob(name, Optional.empty(), digest),
        new OciRequest.PostBlob(name, digest),
        new OciRequest.AppendUpload(name, id, state),
        new OciRequest.AppendUpload(name, id, Optional.empty()),
        new OciRequest.CommitUpload(name, id, state, digest),
        new OciRequest.CommitUpload(name, id, Optional.empty(), digest),
        new OciRequest.ReadUpload(name, id, state),
        new OciRequest.CancelUpload(name, id, state),
        new OciRequest.ReadManifest(name, tag, false),
        new OciRequest.ReadManifest(name, digest, true),
        new OciRequest.PutManifest(name, tag, List.of()),
        new OciRequest.PutManifest(name, digest, List.of(tag, new Tag("latest"))),
        new OciRequest.DeleteManifest(name, digest),
        new OciRequest.DeleteTag(name, tag),
        new OciRequest.ListTags(name, page),
        new OciRequest.ListTags(name, all),
        new OciRequest.ListReferrers(name, digest, Optional.of("a/b+c"), page),
        new OciRequest.ListReferrers(name, digest, Optional.empty(), all),
        new OciRequest.Catalog(page),
        new OciRequest.Catalog(all));
  }
}
