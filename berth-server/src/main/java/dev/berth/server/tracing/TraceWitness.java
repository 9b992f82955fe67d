package dev.berth.server.tracing;

import dev.berth.oci.wire.OciRequest;
import dev.berth.server.http.Served;
import dev.berth.server.http.Witness;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;

/// Adds to the current span what is known of a request once it is understood.
final class TraceWitness implements Witness {
  private static final AttributeKey<String> REPOSITORY = AttributeKey.stringKey("berth.repository");
  private static final AttributeKey<String> REQUEST = AttributeKey.stringKey("berth.request_id");
  private static final AttributeKey<String> CLIENT = AttributeKey.stringKey("client.address");
  private static final AttributeKey<String> PEER = AttributeKey.stringKey("network.peer.address");

  @Override
  public void saw(Served served) {
    Span span = Span.current();
    if (!span.isRecording()) {
      return;
    }
    span.setAttribute(REQUEST, served.id());
    span.setAttribute(CLIENT, served.client());
    span.setAttribute(PEER, served.peer());
    String repository = repository(served.request());
    if (!repository.isEmpty()) {
      span.setAttribute(REPOSITORY, repository);
    }
  }

  /// A new kind of request stops compiling here. Empty for what belongs to none.
  private static String repository(OciRequest request) {
    return switch (request) {
      case OciRequest.Ping _, OciRequest.Catalog _ -> "";
      case OciRequest.ReadManifest read -> read.repository().value();
      case OciRequest.ReadBlob read -> read.repository().value();
      case OciRequest.PutManifest put -> put.repository().value();
      case OciRequest.CommitUpload commit -> commit.repository().value();
      case OciRequest.PostBlob post -> post.repository().value();
      case OciRequest.MountBlob mount -> mount.repository().value();
      case OciRequest.DeleteManifest delete -> delete.repository().value();
      case OciRequest.DeleteTag delete -> delete.repository().value();
      case OciRequest.DeleteBlob delete -> delete.repository().value();
      case OciRequest.StartUpload start -> start.repository().value();
      case OciRequest.AppendUpload append -> append.repository().value();
      case OciRequest.ReadUpload read -> read.repository().value();
      case OciRequest.CancelUpload cancel -> cancel.repository().value();
      case OciRequest.ListTags list -> list.repository().value();
      case OciRequest.ListReferrers list -> list.repository().value();
    };
  }
}
