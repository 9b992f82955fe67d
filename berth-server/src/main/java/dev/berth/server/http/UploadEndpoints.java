package dev.berth.server.http;

import dev.berth.oci.Digest;
import dev.berth.oci.ErrorCode;
import dev.berth.oci.Registry;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.UploadChunk;
import dev.berth.oci.UploadId;
import dev.berth.oci.UploadSession;
import dev.berth.oci.wire.OciRequest.AppendUpload;
import dev.berth.oci.wire.OciRequest.CancelUpload;
import dev.berth.oci.wire.OciRequest.CommitUpload;
import dev.berth.oci.wire.OciRequest.MountBlob;
import dev.berth.oci.wire.OciRequest.PostBlob;
import dev.berth.oci.wire.OciRequest.ReadBlob;
import dev.berth.oci.wire.OciRequest.ReadUpload;
import dev.berth.oci.wire.OciRequest.StartUpload;
import dev.berth.server.auth.Sight;
import dev.berth.server.engine.Content;
import dev.berth.server.engine.HttpResponse;
import dev.berth.server.engine.RequestHead;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Takes blobs: whole, in chunks, or from another repository.
final class UploadEndpoints {
  /// The digests of no bytes at all: the only blobs that a POST without a body can mean.
  private static final List<Digest> EMPTY_DIGESTS =
      List.of(
          Digest.parse("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
          Digest.parse(
              "sha512:cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
                  + "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"));

  private final Registry registry;
  private final ExternalUrl urls;
  private final UploadState states;

  UploadEndpoints(Registry registry, ExternalUrl urls, UploadState states) {
    this.registry = registry;
    this.urls = urls;
    this.states = states;
  }

  HttpResponse start(StartUpload request, RequestHead head) {
    return start(request.repository(), head);
  }

  /// Without `from` the blob is looked for in all repositories, so only for those who may pull from
  /// all: the answer says whether it is there, and the mount gives it away.
  HttpResponse mount(MountBlob request, Sight sight, RequestHead head) {
    if (request.from().isEmpty() && !sight.everywhere()) {
      return start(request.repository(), head);
    }
    return registry.mountBlob(request.repository(), request.from(), request.digest())
        ? created(request.repository(), request.digest(), head)
        : start(request.repository(), head);
  }

  /// Registry 2.8.2 ignores the body and begins a session. A client that sends none relies on that,
  /// so it gets one.
  HttpResponse post(PostBlob request, RequestHead head, RequestBody body) {
    OptionalLong announced = body.announced();
    if (announced.orElse(-1) == 0 && !EMPTY_DIGESTS.contains(request.digest())) {
      return start(request.repository(), head);
    }
    UploadSession session = registry.startUpload(request.repository());
    boolean committed = false;
    try {
      registry.commitUpload(
          request.repository(),
          session.id(),
          new UploadChunk(OptionalLong.of(0), announced, body),
          request.digest());
      committed = true;
    } finally {
      if (!committed) {
        forget(request.repository(), session.id());
      }
    }
    return created(request.repository(), request.digest(), head);
  }

  HttpResponse append(AppendUpload request, RequestHead head, RequestBody body) {
    RepositoryName repository = request.repository();
    OptionalLong stated = stated(repository, request.id(), request.state());
    try {
      UploadChunk chunk = chunk(head, body, stated);
      UploadSession session = registry.appendUpload(repository, request.id(), chunk);
      return new HttpResponse(202, position(repository, session, head), nothing());
    } catch (RegistryException e) {
      return refused(e, repository, request.id(), head);
    }
  }

  HttpResponse commit(CommitUpload request, RequestHead head, RequestBody body) {
    RepositoryName repository = request.repository();
    OptionalLong stated = stated(repository, request.id(), request.state());
    try {
      // Without bytes there is nothing to misplace, so an old location still closes the session.
      UploadChunk last =
          body.announced().orElse(-1) == 0 ? UploadChunk.EMPTY : chunk(head, body, stated);
      registry.commitUpload(repository, request.id(), last, request.digest());
      return created(repository, request.digest(), head);
    } catch (RegistryException e) {
      return refused(e, repository, request.id(), head);
    }
  }

  HttpResponse read(ReadUpload request, RequestHead head) {
    OptionalLong _ = stated(request.repository(), request.id(), request.state());
    UploadSession session = registry.getUpload(request.repository(), request.id());
    return new HttpResponse(204, position(request.repository(), session, head), new Content.None());
  }

  HttpResponse cancel(CancelUpload request) {
    OptionalLong _ = stated(request.repository(), request.id(), request.state());
    registry.cancelUpload(request.repository(), request.id());
    return new HttpResponse(
        204, List.of("Docker-Upload-UUID", request.id().value()), new Content.None());
  }

  private HttpResponse start(RepositoryName repository, RequestHead head) {
    UploadSession session = registry.startUpload(repository);
    return new HttpResponse(202, position(repository, session, head), nothing());
  }

  /// Where the client stands, and where it goes on.
  private List<String> position(
      RepositoryName repository, UploadSession session, RequestHead head) {
    Optional<String> state = Optional.of(states.issue(repository, session));
    return List.of(
        "Location",
        urls.of(new ReadUpload(repository, session.id(), state), head),
        "Range",
        ContentRange.held(session.size()),
        "Docker-Upload-UUID",
        session.id().value());
  }

  private HttpResponse created(RepositoryName repository, Digest digest, RequestHead head) {
    return new HttpResponse(
        201,
        List.of(
            "Location",
            urls.of(new ReadBlob(repository, digest, false), head),
            "Docker-Content-Digest",
            digest.toString()),
        nothing());
  }

  /// Chunks out of order leave the session as it is, and the answer says where it stands (end-5).
  private HttpResponse refused(
      RegistryException refusal, RepositoryName repository, UploadId id, RequestHead head) {
    if (refusal.code() != ErrorCode.RANGE_INVALID) {
      throw refusal;
    }
    HttpResponse answer = ErrorResponses.of(refusal);
    List<String> fields = position(repository, registry.getUpload(repository, id), head);
    for (int i = 0; i < fields.size(); i += 2) {
      answer = answer.with(fields.get(i), fields.get(i + 1));
    }
    return answer;
  }

  /// The offset that the client's location holds. Clients need not send it back.
  private OptionalLong stated(RepositoryName repository, UploadId id, Optional<String> state) {
    return state.isPresent()
        ? OptionalLong.of(states.offset(state.get(), repository, id))
        : OptionalLong.empty();
  }

  private static UploadChunk chunk(RequestHead head, RequestBody body, OptionalLong stated) {
    OptionalLong announced = body.announced();
    Optional<String> field = head.headers().first("Content-Range");
    if (field.isEmpty()) {
      return new UploadChunk(stated, announced, body);
    }
    ContentRange range = ContentRange.parse(field.get());
    if (range == null) {
      throw new RegistryException(
          ErrorCode.RANGE_INVALID, "Content-Range must be like 0-99 or bytes 0-99/*");
    }
    if (announced.isPresent() && announced.getAsLong() != range.length()) {
      throw new RegistryException(
          ErrorCode.SIZE_INVALID,
          "Content-Length is %d, but Content-Range spans %d bytes"
              .formatted(announced.getAsLong(), range.length()));
    }
    return new UploadChunk(OptionalLong.of(range.first()), OptionalLong.of(range.length()), body);
  }

  /// Ends a session that nobody knows of. A refusal here changes nothing for the client: the first
  /// one counts, and what stays behind is purged.
  private void forget(RepositoryName repository, UploadId id) {
    try {
      registry.cancelUpload(repository, id);
    } catch (RegistryException _) {
      // Gone already, as after a wrong digest.
    }
  }

  private static Content nothing() {
    return new Content.Bytes(new byte[0]);
  }
}
