package dev.berth.oci;

import java.util.OptionalLong;

/// Bytes to be added to an upload.
///
/// @param offset where the client says that they start (from `Content-Range` or the session's
///   state); empty where it said nothing
/// @param length how many bytes the client says there are, where it said so
public record UploadChunk(OptionalLong offset, OptionalLong length, BodySource body) {
  /// A chunk without bytes, for a final PUT that only commits.
  public static final UploadChunk EMPTY =
      new UploadChunk(OptionalLong.empty(), OptionalLong.empty(), BodySource.EMPTY);
}
