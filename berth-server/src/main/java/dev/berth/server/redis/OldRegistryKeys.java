package dev.berth.server.redis;

import static dev.berth.server.redis.Redis.bytes;

import dev.berth.oci.Digest;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.wire.OciRequest;
import dev.berth.server.http.Served;
import dev.berth.server.http.Witness;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Removes what processes of registry 2.8.2 that share the Redis know of a blob or manifest, once
/// Berth has deleted it: they would go on saying that it is there. Berth itself never reads those
/// keys. What Redis does not take now is tried again, as long as this process lives.
public final class OldRegistryKeys implements Witness {
  private static final System.Logger LOG = System.getLogger(OldRegistryKeys.class.getName());
  private static final int ACCEPTED = 202;
  private static final int MOST_OWED = 10_000;

  private final Redis redis;
  private final Deque<Deleted> owed = new ArrayDeque<>();

  private record Deleted(RepositoryName repository, Digest digest) {}

  public OldRegistryKeys(Redis redis) {
    this.redis = redis;
  }

  @Override
  public void saw(Served served) {
    if (served.answer().status() != ACCEPTED) {
      return;
    }
    switch (served.request()) {
      case OciRequest.DeleteBlob(var repository, var digest) ->
          forget(new Deleted(repository, digest));
      case OciRequest.DeleteManifest(var repository, var digest) ->
          forget(new Deleted(repository, digest));
      case OciRequest.Ping _,
          OciRequest.Catalog _,
          OciRequest.ReadManifest _,
          OciRequest.ReadBlob _,
          OciRequest.PutManifest _,
          OciRequest.CommitUpload _,
          OciRequest.PostBlob _,
          OciRequest.MountBlob _,
          OciRequest.DeleteTag _,
          OciRequest.StartUpload _,
          OciRequest.AppendUpload _,
          OciRequest.ReadUpload _,
          OciRequest.CancelUpload _,
          OciRequest.ListTags _,
          OciRequest.ListReferrers _ -> {
        // Nothing was deleted that they remember.
      }
    }
  }

  private void forget(Deleted deleted) {
    if (!remove(deleted)) {
      owe(deleted);
    }
  }

  private synchronized void owe(Deleted deleted) {
    if (owed.size() < MOST_OWED) {
      owed.add(deleted);
    } else {
      LOG.log(
          Level.WARNING,
          "Redis was away too long: processes of registry 2.8.2 may go on knowing what was deleted"
              + " repository={0} digest={1}",
          deleted.repository(),
          deleted.digest());
    }
  }

  /// Tries again what Redis did not take.
  public void tick() {
    Deleted next = next();
    while (next != null) {
      if (!remove(next)) {
        owe(next);
        return;
      }
      next = next();
    }
  }

  private synchronized @Nullable Deleted next() {
    return owed.poll();
  }

  /// The keys of 2.8.2: what is known of the blob, that the repository has it, and what the
  /// repository calls it.
  private boolean remove(Deleted deleted) {
    String digest = deleted.digest().toString();
    String ofRepository = "repository::" + deleted.repository() + "::blobs";
    return redis.run(commands -> commands.srem(bytes(ofRepository), bytes(digest)))
        && redis.run(commands -> commands.del(bytes(ofRepository + "::" + digest)))
        && redis.run(commands -> commands.del(bytes("blobs::" + digest)));
  }
}
