package dev.berth.server.auth;

import dev.berth.oci.RepositoryName;
import dev.berth.oci.wire.OciRequest;
import java.util.ArrayList;
import java.util.List;

/// What a caller must be allowed to do, request by request. A new kind of request stops compiling
/// here until it says what it needs.
public final class Access {
  private Access() {}

  /// The rights that a request needs, as registry 2.8.2 asks for them; none for the ping, which
  /// only asks whether the caller is known.
  public static List<Need> of(OciRequest request) {
    return switch (request) {
      case OciRequest.Ping _ -> List.of();
      case OciRequest.ReadManifest read -> needs(read.repository(), Action.PULL);
      case OciRequest.ReadBlob read -> needs(read.repository(), Action.PULL);
      case OciRequest.ListTags list -> needs(list.repository(), Action.PULL);
      case OciRequest.ListReferrers list -> needs(list.repository(), Action.PULL);
      case OciRequest.ReadUpload read -> needs(read.repository(), Action.PULL);
      case OciRequest.StartUpload start -> push(start.repository());
      case OciRequest.PostBlob post -> push(post.repository());
      case OciRequest.AppendUpload append -> push(append.repository());
      case OciRequest.CommitUpload commit -> push(commit.repository());
      case OciRequest.PutManifest put -> push(put.repository());
      case OciRequest.MountBlob mount -> mount(mount);
      case OciRequest.CancelUpload cancel -> needs(cancel.repository(), Action.DELETE);
      case OciRequest.DeleteManifest delete -> needs(delete.repository(), Action.DELETE);
      case OciRequest.DeleteTag delete -> needs(delete.repository(), Action.DELETE);
      case OciRequest.DeleteBlob delete -> needs(delete.repository(), Action.DELETE);
      case OciRequest.Catalog _ -> List.of(new Need("registry", "catalog", Action.ALL));
    };
  }

  /// As [#of], but who may push may give up an upload too: 2.8.2 asks for the right to delete.
  public static List<Need> underPolicy(OciRequest request) {
    return request instanceof OciRequest.CancelUpload cancel
        ? push(cancel.repository())
        : of(request);
  }

  private static List<Need> mount(OciRequest.MountBlob mount) {
    List<Need> all = new ArrayList<>(push(mount.repository()));
    mount.from().ifPresent(from -> all.addAll(needs(from, Action.PULL)));
    return List.copyOf(all);
  }

  private static List<Need> push(RepositoryName repository) {
    return needs(repository, Action.PULL, Action.PUSH);
  }

  private static List<Need> needs(RepositoryName repository, Action... actions) {
    List<Need> all = new ArrayList<>();
    for (Action action : actions) {
      all.add(new Need("repository", repository.value(), action));
    }
    return List.copyOf(all);
  }
}
