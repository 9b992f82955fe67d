package dev.berth.server.load;

import dev.berth.server.load.Call.Payload;
import dev.berth.server.load.RequestFailure.Nature;
import java.net.URI;

/// Pushes an image as clients do: asks for each blob, sends those that are not there through an
/// upload of their own, and the manifest last.
record ImagePush(Target target, Connection connection, String repository) {
  private static final int CREATED = 201;
  private static final int ACCEPTED = 202;
  private static final String BYTES = "application/octet-stream";

  /// Returns when the manifest was answered 201.
  ///
  /// @return the bytes that were sent
  long run(FreshImage image, String tag) throws RequestFailure, InterruptedException {
    long sent = image.manifest().size();
    for (FreshBlob blob : image.blobs()) {
      sent += push(blob);
    }
    URI uri = target.manifest(repository, tag);
    var payload =
        new Payload(FreshImage.MANIFEST_TYPE, image.manifest().body(), image.manifest().size());
    connection.send(
        new Call(RequestKind.PUT_MANIFEST, "PUT", uri, repository, payload, CREATED, false));
    return sent;
  }

  private long push(FreshBlob blob) throws RequestFailure, InterruptedException {
    URI there = target.blob(repository, blob.digest());
    if (!connection.send(Call.head(RequestKind.HEAD_BLOB, there, repository)).isMissing()) {
      return 0;
    }
    URI session = request(RequestKind.START_UPLOAD, "POST", target.uploads(repository));
    Call patch =
        new Call(
            RequestKind.SEND_BLOB,
            "PATCH",
            session,
            repository,
            new Payload(BYTES, blob.body(), blob.size()),
            ACCEPTED,
            false);
    String next = location(patch, connection.send(patch)).toString();
    URI end = URI.create(next + (next.contains("?") ? "&" : "?") + "digest=" + blob.digest());
    connection.send(
        new Call(RequestKind.FINISH_UPLOAD, "PUT", end, repository, Payload.NONE, CREATED, false));
    return blob.size();
  }

  private URI request(RequestKind kind, String method, URI uri)
      throws RequestFailure, InterruptedException {
    Call call = new Call(kind, method, uri, repository, Payload.NONE, ACCEPTED, false);
    return location(call, connection.send(call));
  }

  private static URI location(Call call, Answer answer) throws RequestFailure {
    URI location = answer.findLocation().orElse(null);
    if (location == null) {
      throw new RequestFailure(
          call.kind(),
          answer.status() + " without Location",
          Nature.UNTOLD,
          call + " answered " + answer.status() + " without a Location that can be followed");
    }
    return location;
  }
}
