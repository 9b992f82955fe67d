package dev.berth.oci.wire;

import dev.berth.oci.Digest;
import dev.berth.oci.PageRequest;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.UploadId;
import dev.berth.oci.wire.OciRequest.AppendUpload;
import dev.berth.oci.wire.OciRequest.CancelUpload;
import dev.berth.oci.wire.OciRequest.Catalog;
import dev.berth.oci.wire.OciRequest.CommitUpload;
import dev.berth.oci.wire.OciRequest.DeleteBlob;
import dev.berth.oci.wire.OciRequest.DeleteManifest;
import dev.berth.oci.wire.OciRequest.DeleteTag;
import dev.berth.oci.wire.OciRequest.ListReferrers;
import dev.berth.oci.wire.OciRequest.ListTags;
import dev.berth.oci.wire.OciRequest.MountBlob;
import dev.berth.oci.wire.OciRequest.Ping;
import dev.berth.oci.wire.OciRequest.PostBlob;
import dev.berth.oci.wire.OciRequest.PutManifest;
import dev.berth.oci.wire.OciRequest.ReadBlob;
import dev.berth.oci.wire.OciRequest.ReadManifest;
import dev.berth.oci.wire.OciRequest.ReadUpload;
import dev.berth.oci.wire.OciRequest.StartUpload;
import java.util.Optional;

/// Writes request lines. Parameters come in alphabetical order, as registry 2.8.2 writes them.
final class RequestFormat {
  private RequestFormat() {}

  static String method(OciRequest request) {
    return switch (request) {
      case ReadBlob read -> read.headOnly() ? "HEAD" : "GET";
      case ReadManifest read -> read.headOnly() ? "HEAD" : "GET";
      case Ping _, ReadUpload _, ListTags _, ListReferrers _, Catalog _ -> "GET";
      case StartUpload _, MountBlob _, PostBlob _ -> "POST";
      case AppendUpload _ -> "PATCH";
      case CommitUpload _, PutManifest _ -> "PUT";
      case DeleteBlob _, CancelUpload _, DeleteManifest _, DeleteTag _ -> "DELETE";
    };
  }

  static String pathAndQuery(OciRequest request) {
    return switch (request) {
      case Ping _ -> "/v2/";
      case ReadBlob(var name, var digest, _) -> "/v2/" + name + "/blobs/" + digest;
      case DeleteBlob(var name, var digest) -> "/v2/" + name + "/blobs/" + digest;
      case ReadManifest(var name, var reference, _) -> "/v2/" + name + "/manifests/" + reference;
      case DeleteManifest(var name, var digest) -> "/v2/" + name + "/manifests/" + digest;
      case DeleteTag(var name, var tag) -> "/v2/" + name + "/manifests/" + tag;
      case PutManifest(var name, var reference, var tags) -> {
        Target target = new Target("/v2/" + name + "/manifests/" + reference);
        tags.forEach(tag -> target.with("tag", tag.value()));
        yield target.text();
      }
      case StartUpload(var name, var algorithm) ->
          uploads(name).with("digest-algorithm", algorithm.map(Digest.Algorithm::prefix)).text();
      case MountBlob(var name, var from, var digest) ->
          uploads(name)
              .with("from", from.map(RepositoryName::value))
              .with("mount", digest.toString())
              .text();
      case PostBlob(var name, var digest) -> uploads(name).with("digest", digest.toString()).text();
      case AppendUpload(var name, var id, var state) ->
          upload(name, id).with("_state", state).text();
      case CancelUpload(var name, var id, var state) ->
          upload(name, id).with("_state", state).text();
      case ReadUpload(var name, var id, var state) -> upload(name, id).with("_state", state).text();
      case CommitUpload(var name, var id, var state, var digest) ->
          upload(name, id).with("_state", state).with("digest", digest.toString()).text();
      case ListTags(var name, var page) -> paged(new Target("/v2/" + name + "/tags/list"), page);
      case Catalog(var page) -> paged(new Target("/v2/_catalog"), page);
      case ListReferrers(var name, var subject, var type, var page) ->
          paged(
              new Target("/v2/" + name + "/referrers/" + subject).with("artifactType", type), page);
    };
  }

  private static Target uploads(RepositoryName name) {
    return new Target("/v2/" + name + "/blobs/uploads/");
  }

  private static Target upload(RepositoryName name, UploadId id) {
    return new Target("/v2/" + name + "/blobs/uploads/" + id);
  }

  private static String paged(Target target, PageRequest page) {
    target.with("last", page.last());
    if (page.limit().isPresent()) {
      target.with("n", Integer.toString(page.limit().getAsInt()));
    }
    return target.text();
  }

  /// A path that grows a query.
  private static final class Target {
    private final StringBuilder text;
    private char separator = '?';

    Target(String path) {
      text = new StringBuilder(path);
    }

    Target with(String name, String value) {
      text.append(separator).append(name).append('=').append(PercentCoding.encode(value));
      separator = '&';
      return this;
    }

    Target with(String name, Optional<String> value) {
      value.ifPresent(present -> with(name, present));
      return this;
    }

    String text() {
      return text.toString();
    }
  }
}
