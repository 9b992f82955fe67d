package dev.berth.server.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.oci.wire.OciRequest;
import dev.berth.server.http.Served;
import dev.berth.server.http.Witness;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes a line of the audit log of each push, pull, mount and delete, and of whatever was refused
/// for want of a right. What a client chose is data in JSON strings and cannot end a line.
public final class AuditWitness implements Witness {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  private static final int LINE_BYTES = 512;
  private static final int ERRORS = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int CREATED = 201;
  private static final int TOO_MANY = 429;

  private final AuditLog log;
  private final InstantSource clock;
  private final Supplier<String> traces;
  private final boolean pulls;

  /// @param traces gives the trace that the thread works for; empty for none
  /// @param pulls whether pulls are written down too
  public AuditWitness(AuditLog log, InstantSource clock, Supplier<String> traces, boolean pulls) {
    this.log = log;
    this.clock = clock;
    this.traces = traces;
    this.pulls = pulls;
  }

  /// @param event what was asked for
  /// @param repository null for what belongs to none
  /// @param reference tag or digest; null for neither
  /// @param tags that are moved besides
  /// @param from the repository that a mount names; null for none
  private record Deed(
      String event,
      @Nullable String repository,
      @Nullable String reference,
      List<Tag> tags,
      @Nullable String from) {
    Deed(String event, @Nullable String repository, @Nullable String reference) {
      this(event, repository, reference, List.of(), null);
    }
  }

  @Override
  public void saw(Served served) {
    int status = served.answer().status();
    boolean refused = status == UNAUTHORIZED || status == FORBIDDEN || status == TOO_MANY;
    Deed deed = deed(served.request(), status);
    boolean told = deed.event().equals("pull") ? pulls : !deed.event().isEmpty();
    if (told || refused) {
      boolean now = refused || !deed.event().equals("pull");
      log.add(line(served, deed, refused), now);
    }
  }

  private byte[] line(Served served, Deed deed, boolean refused) {
    int status = served.answer().status();
    var out = new ByteArrayOutputStream(LINE_BYTES);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("time", clock.instant().toString());
      json.writeStringField("event", deed.event().isEmpty() ? "other" : deed.event());
      json.writeStringField("outcome", refused ? "refused" : status < ERRORS ? "ok" : "failed");
      json.writeNumberField("status", status);
      json.writeStringField("user", served.caller());
      json.writeStringField("client", served.client());
      json.writeStringField("peer", served.peer());
      json.writeStringField("method", served.head().method());
      put(json, "repository", deed.repository());
      put(json, "reference", deed.reference());
      if (!deed.tags().isEmpty()) {
        json.writeArrayFieldStart("tags");
        for (Tag tag : deed.tags()) {
          json.writeString(tag.value());
        }
        json.writeEndArray();
      }
      put(json, "from", deed.from());
      put(json, "reason", served.refusal().isEmpty() ? null : served.refusal());
      put(json, "digest", served.answer().field("Docker-Content-Digest").orElse(null));
      json.writeStringField("request", served.id());
      String trace = traces.get();
      put(json, "trace", trace.isEmpty() ? null : trace);
      put(json, "agent", served.head().headers().first("User-Agent").orElse(null));
      json.writeEndObject();
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory failed", e);
    }
    return out.toByteArray();
  }

  private static void put(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  /// A new kind of request stops compiling here. No event, where nothing was pulled or changed yet.
  private static Deed deed(OciRequest request, int status) {
    return switch (request) {
      case OciRequest.Ping _ -> new Deed("", null, null);
      case OciRequest.Catalog _ -> new Deed("", null, null);
      case OciRequest.ReadManifest(var repository, var reference, _) ->
          new Deed("pull", repository.value(), reference.toString());
      case OciRequest.ReadBlob(var repository, var digest, _) ->
          new Deed("pull", repository.value(), digest.toString());
      case OciRequest.PutManifest put ->
          new Deed("push", put.repository().value(), put.reference().toString(), put.tags(), null);
      case OciRequest.CommitUpload commit ->
          new Deed("push", commit.repository().value(), commit.digest().toString());
      case OciRequest.PostBlob post ->
          new Deed(
              status == CREATED || status >= ERRORS ? "push" : "",
              post.repository().value(),
              post.digest().toString());
      case OciRequest.MountBlob mount ->
          new Deed(
              status == CREATED || status >= ERRORS ? "mount" : "",
              mount.repository().value(),
              mount.digest().toString(),
              List.of(),
              mount.from().map(RepositoryName::value).orElse(null));
      case OciRequest.DeleteManifest(var repository, var digest) ->
          new Deed("delete", repository.value(), digest.toString());
      case OciRequest.DeleteTag(var repository, var tag) ->
          new Deed("delete", repository.value(), tag.value());
      case OciRequest.DeleteBlob(var repository, var digest) ->
          new Deed("delete", repository.value(), digest.toString());
      // A push that fails at its beginning, or in its middle, has no other line.
      case OciRequest.StartUpload start ->
          new Deed(status >= ERRORS ? "push" : "", start.repository().value(), null);
      case OciRequest.AppendUpload append ->
          new Deed(status >= ERRORS ? "push" : "", append.repository().value(), null);
      case OciRequest.ReadUpload read -> new Deed("", read.repository().value(), null);
      case OciRequest.CancelUpload cancel -> new Deed("", cancel.repository().value(), null);
      case OciRequest.ListTags list -> new Deed("", list.repository().value(), null);
      case OciRequest.ListReferrers list -> new Deed("", list.repository().value(), null);
    };
  }
}
