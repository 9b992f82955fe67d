package dev.berth.server.http;

import dev.berth.oci.BlobContent;
import dev.berth.oci.Registry;
import dev.berth.oci.wire.OciRequest.DeleteBlob;
import dev.berth.oci.wire.OciRequest.ReadBlob;
import dev.berth.server.engine.Content;
import dev.berth.server.engine.HttpHeaders;
import dev.berth.server.engine.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads and deletes blobs.
final class BlobEndpoints {
  /// A year, as registry 2.8.2 says: what a digest names never changes.
  private static final String CACHE_FOREVER = "max-age=31536000";

  private final Registry registry;

  BlobEndpoints(Registry registry) {
    this.registry = registry;
  }

  HttpResponse read(ReadBlob request, HttpHeaders headers) {
    String digest = request.digest().toString();
    List<String> fields =
        List.of(
            "Docker-Content-Digest",
            digest,
            "ETag",
            EntityTags.of(digest),
            "Cache-Control",
            CACHE_FOREVER);
    if (EntityTags.noneMatchNames(headers, digest)) {
      long _ = registry.blobSize(request.repository(), request.digest());
      return new HttpResponse(304, fields, new Content.None());
    }
    if (request.headOnly()) {
      long size = registry.blobSize(request.repository(), request.digest());
      return new HttpResponse(200, withType(fields), new Content.Length(size));
    }
    BlobContent blob = registry.openBlob(request.repository(), request.digest());
    try {
      return send(blob, withType(fields), headers, digest);
    } catch (RuntimeException e) {
      blob.close();
      throw e;
    }
  }

  HttpResponse delete(DeleteBlob request) {
    registry.deleteBlob(request.repository(), request.digest());
    return HttpResponse.of(202);
  }

  private static HttpResponse send(
      BlobContent blob, List<String> fields, HttpHeaders headers, String digest) {
    long size = blob.size();
    Optional<String> field =
        EntityTags.rangeApplies(headers, digest) ? headers.first("Range") : Optional.empty();
    return switch (ByteRange.of(field, size)) {
      case ByteRange.Whole _ -> new HttpResponse(200, fields, BlobContents.of(blob, 0, size));
      case ByteRange.Part(long first, long length) ->
          new HttpResponse(206, fields, BlobContents.of(blob, first, length))
              .with("Content-Range", "bytes " + first + "-" + (first + length - 1) + "/" + size);
      case ByteRange.Outside _ -> {
        blob.close();
        yield ErrorResponses.rangeOutside(size);
      }
    };
  }

  private static List<String> withType(List<String> fields) {
    List<String> more = new ArrayList<>(fields);
    more.addAll(List.of("Content-Type", "application/octet-stream", "Accept-Ranges", "bytes"));
    return more;
  }
}
