package dev.berth.server.http;

import dev.berth.oci.Digest;
import dev.berth.oci.ManifestContent;
import dev.berth.oci.ManifestPush;
import dev.berth.oci.MediaType;
import dev.berth.oci.PushedManifest;
import dev.berth.oci.Registry;
import dev.berth.oci.Tag;
import dev.berth.oci.wire.OciRequest.DeleteManifest;
import dev.berth.oci.wire.OciRequest.DeleteTag;
import dev.berth.oci.wire.OciRequest.PutManifest;
import dev.berth.oci.wire.OciRequest.ReadManifest;
import dev.berth.server.engine.Content;
import dev.berth.server.engine.HttpExchange;
import dev.berth.server.engine.HttpResponse;
import dev.berth.server.engine.RequestHead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Reads, takes and deletes manifests and tags.
final class ManifestEndpoints {
  private final Registry registry;
  private final ExternalUrl urls;
  private final ManifestBodies bodies;

  ManifestEndpoints(Registry registry, ExternalUrl urls, ManifestBodies bodies) {
    this.registry = registry;
    this.urls = urls;
    this.bodies = bodies;
  }

  /// `Accept` is not looked at: what was pushed is what is sent, since a converted manifest has
  /// another digest and a refusal (as 2.8.2 gives it for OCI types) helps no client.
  HttpResponse read(ReadManifest request, RequestHead head) {
    ManifestContent manifest = registry.getManifest(request.repository(), request.reference());
    String digest = manifest.digest().toString();
    String entityTag = EntityTags.of(digest);
    if (EntityTags.noneMatchNames(head.headers(), digest)) {
      return new HttpResponse(
          304, List.of("Docker-Content-Digest", digest, "ETag", entityTag), new Content.None());
    }
    return new HttpResponse(
        200,
        List.of(
            "Content-Type",
            manifest.mediaType().value(),
            "Docker-Content-Digest",
            digest,
            "ETag",
            entityTag),
        request.headOnly()
            ? new Content.Length(manifest.size())
            : BlobContents.of(manifest.open()));
  }

  HttpResponse put(PutManifest request, HttpExchange exchange, RequestBody body) {
    try (ManifestBodies.Lease lease = bodies.read(body)) {
      return switch (lease.outcome()) {
        case TOO_LARGE -> ErrorResponses.manifestTooLarge(bodies.limit());
        case NO_MEMORY -> ErrorResponses.busy();
        case READ -> store(request, exchange.head(), lease.bytes());
      };
    } catch (IOException e) {
      throw new UncheckedIOException("reading a manifest's body failed", e);
    }
  }

  private HttpResponse store(PutManifest request, RequestHead head, byte[] bytes) {
    List<Tag> tags = new ArrayList<>(request.tags());
    Optional<Digest> digest = Optional.empty();
    switch (request.reference()) {
      case Digest named -> digest = Optional.of(named);
      case Tag tag -> {
        tags.remove(tag);
        tags.addFirst(tag);
      }
    }
    Optional<MediaType> type = head.headers().first("Content-Type").flatMap(MediaType::tryParse);
    PushedManifest pushed =
        registry.putManifest(request.repository(), new ManifestPush(type, digest, tags, bytes));
    List<String> fields = new ArrayList<>(8);
    fields.add("Location");
    fields.add(urls.of(new ReadManifest(request.repository(), pushed.digest(), false), head));
    fields.add("Docker-Content-Digest");
    fields.add(pushed.digest().toString());
    if (!request.tags().isEmpty()) {
      fields.add("OCI-Tag");
      fields.add(request.tags().stream().map(Tag::value).collect(Collectors.joining(", ")));
    }
    if (pushed.subject().isPresent()) {
      fields.add("OCI-Subject");
      fields.add(pushed.subject().get().toString());
    }
    return new HttpResponse(201, fields, new Content.Bytes(new byte[0]));
  }

  HttpResponse delete(DeleteManifest request) {
    registry.deleteManifest(request.repository(), request.digest());
    return HttpResponse.of(202);
  }

  HttpResponse delete(DeleteTag request) {
    registry.deleteTag(request.repository(), request.tag());
    return HttpResponse.of(202);
  }
}
