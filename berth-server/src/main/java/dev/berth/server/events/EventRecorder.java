package dev.berth.server.events;

import dev.berth.oci.Digest;
import dev.berth.oci.ManifestContent;
import dev.berth.oci.Reference;
import dev.berth.oci.Registry;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.oci.wire.OciRequest;
import dev.berth.oci.wire.OciRequest.DeleteBlob;
import dev.berth.oci.wire.OciRequest.DeleteManifest;
import dev.berth.oci.wire.OciRequest.DeleteTag;
import dev.berth.oci.wire.OciRequest.MountBlob;
import dev.berth.oci.wire.OciRequest.PutManifest;
import dev.berth.oci.wire.OciRequest.ReadBlob;
import dev.berth.oci.wire.OciRequest.ReadManifest;
import dev.berth.server.engine.Content;
import dev.berth.server.engine.HttpHeaders;
import dev.berth.server.engine.HttpResponse;
import dev.berth.server.engine.RequestHead;
import dev.berth.server.events.Event.Target;
import dev.berth.server.http.Served;
import dev.berth.server.http.Witness;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes the events of each request that was served and gives them to the endpoints' queues. What
/// changed something is in the queues on the store when [#saw] returns; a pull is there soon.
final class EventRecorder implements Witness {
  private static final System.Logger LOG = System.getLogger(EventRecorder.class.getName());
  private static final String BLOB = "application/octet-stream";
  private static final int CREATED = 201;
  private static final int MULTIPLE_CHOICES = 300;
  private static final int NOT_MODIFIED = 304;

  private final Registry registry;
  private final EventIds ids;
  private final InstantSource clock;
  private final boolean withReferences;
  private final Consumer<Event> queues;

  /// @param registry asked for what an answer does not say
  /// @param queues takes each event; see [Notifications]
  EventRecorder(
      Registry registry,
      EventIds ids,
      InstantSource clock,
      boolean withReferences,
      Consumer<Event> queues) {
    this.registry = registry;
    this.ids = ids;
    this.clock = clock;
    this.withReferences = withReferences;
    this.queues = queues;
  }

  @Override
  public void saw(Served served) {
    int status = served.answer().status();
    if (status >= MULTIPLE_CHOICES && status != NOT_MODIFIED) {
      return;
    }
    try {
      record(served, status);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "no event of request " + served.id() + ": " + served.request(), e);
    }
  }

  private void record(Served served, int status) {
    switch (served.request()) {
      case ReadManifest read when status != NOT_MODIFIED -> pulled(served, read);
      case ReadBlob read -> blob(served, Action.PULL, read.repository(), null, read.digest());
      case PutManifest put -> pushed(served, put);
      case MountBlob mount when status == CREATED ->
          blob(served, Action.MOUNT, mount.repository(), mount.from().orElse(null), mount.digest());
      case OciRequest.CommitUpload commit ->
          blob(served, Action.PUSH, commit.repository(), null, commit.digest());
      case OciRequest.PostBlob post when status == CREATED ->
          blob(served, Action.PUSH, post.repository(), null, post.digest());
      case DeleteBlob delete -> deleted(served, delete.repository(), delete.digest(), null);
      case DeleteManifest delete -> deleted(served, delete.repository(), delete.digest(), null);
      case DeleteTag delete -> deleted(served, delete.repository(), null, delete.tag());
      case ReadManifest _,
          MountBlob _,
          OciRequest.PostBlob _,
          OciRequest.Ping _,
          OciRequest.StartUpload _,
          OciRequest.AppendUpload _,
          OciRequest.ReadUpload _,
          OciRequest.CancelUpload _,
          OciRequest.ListTags _,
          OciRequest.ListReferrers _,
          OciRequest.Catalog _ -> {
        // Nobody is told of these.
      }
    }
  }

  /// A pull. What the answer does not hold is not asked for: this is the busiest way.
  private void pulled(Served served, ReadManifest read) {
    HttpResponse answer = served.answer();
    Optional<Digest> digest = answer.field("Docker-Content-Digest").flatMap(Digest::tryParse);
    if (digest.isPresent()) {
      Tag tag = read.reference() instanceof Tag named ? named : null;
      tell(
          served,
          Action.PULL,
          manifestTarget(
              served,
              read.repository(),
              digest.get(),
              answer.field("Content-Type").orElse(""),
              answer.content().length(),
              tag));
    }
  }

  /// One event for each tag, as for as many pushes.
  private void pushed(Served served, PutManifest put) {
    Optional<Digest> digest =
        served.answer().field("Docker-Content-Digest").flatMap(Digest::tryParse);
    if (digest.isEmpty()) {
      return;
    }
    String type = "";
    long size = 0;
    try {
      ManifestContent content = registry.getManifest(put.repository(), digest.get());
      type = content.mediaType().value();
      size = content.size();
    } catch (RegistryException e) {
      // Deleted again meanwhile: it was pushed all the same.
    }
    Reference reference = put.reference();
    if (put.tags().isEmpty() || reference instanceof Tag) {
      Tag tag = reference instanceof Tag named ? named : null;
      tell(
          served,
          Action.PUSH,
          manifestTarget(served, put.repository(), digest.get(), type, size, tag));
    }
    for (Tag tag : put.tags()) {
      if (!tag.equals(reference)) {
        tell(
            served,
            Action.PUSH,
            manifestTarget(served, put.repository(), digest.get(), type, size, tag));
      }
    }
  }

  private Target manifestTarget(
      Served served,
      RepositoryName repository,
      Digest digest,
      String mediaType,
      long size,
      @Nullable Tag tag) {
    List<Event.Reference> references =
        withReferences ? ManifestReferences.of(registry, repository, digest) : List.of();
    String url = served.urls().apply(new ReadManifest(repository, digest, false));
    return new Target(mediaType, size, digest, repository, null, url, tag, references);
  }

  private void blob(
      Served served,
      Action action,
      RepositoryName repository,
      @Nullable RepositoryName from,
      Digest digest) {
    long size = action == Action.PULL ? wholeLength(served.answer()) : -1;
    if (size < 0) {
      try {
        size = registry.blobSize(repository, digest);
      } catch (RegistryException e) {
        size = 0;
      }
    }
    String url = served.urls().apply(new ReadBlob(repository, digest, false));
    tell(served, action, new Target(BLOB, size, digest, repository, from, url, null, List.of()));
  }

  /// The length of what the answer's content is a part of; -1 where the answer does not say.
  private static long wholeLength(HttpResponse answer) {
    if (answer.content() instanceof Content.None) {
      return -1;
    }
    Optional<String> range = answer.field("Content-Range");
    if (range.isEmpty()) {
      return answer.content().length();
    }
    try {
      return Long.parseLong(range.get().substring(range.get().lastIndexOf('/') + 1));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private void deleted(
      Served served, RepositoryName repository, @Nullable Digest digest, @Nullable Tag tag) {
    tell(served, Action.DELETE, new Target("", 0, digest, repository, null, "", tag, List.of()));
  }

  private void tell(Served served, Action action, Target target) {
    RequestHead head = served.head();
    HttpHeaders headers = head.headers();
    String client = served.client();
    Event.Request request =
        new Event.Request(
            served.id(),
            client.equals(served.peer()) ? head.remote() : client,
            headers.first("Host").orElse(""),
            head.method(),
            text(headers.first("User-Agent").orElse("")));
    queues.accept(new Event(ids.next(), clock.instant(), action, target, request, served.caller()));
  }

  /// A field's bytes come as Latin-1, while those who put more than ASCII there mean UTF-8.
  private static String text(String field) {
    return field.chars().allMatch(c -> c < 0x80)
        ? field
        : new String(field.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
