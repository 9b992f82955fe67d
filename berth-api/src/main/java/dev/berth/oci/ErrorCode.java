package dev.berth.oci;

/// The error codes of the protocol with their HTTP status and message: those of the distribution
/// specification ("Error codes") and those that registry 2.8.2 adds. The only table of them.
public enum ErrorCode {
  UNKNOWN(500, "unknown error"),
  UNSUPPORTED(405, "The operation is unsupported."),
  UNAUTHORIZED(401, "authentication required"),
  DENIED(403, "requested access to the resource is denied"),
  UNAVAILABLE(503, "service unavailable"),
  TOOMANYREQUESTS(429, "too many requests"),
  DIGEST_INVALID(400, "provided digest did not match uploaded content"),
  SIZE_INVALID(400, "provided length did not match content length"),
  RANGE_INVALID(416, "invalid content range"),
  NAME_INVALID(400, "invalid repository name"),
  TAG_INVALID(400, "manifest tag did not match URI"),
  NAME_UNKNOWN(404, "repository name not known to registry"),
  MANIFEST_UNKNOWN(404, "manifest unknown"),
  MANIFEST_INVALID(400, "manifest invalid"),
  MANIFEST_UNVERIFIED(400, "manifest failed signature verification"),
  /// 2.8.2 answers 400; end-7 of the specification asks for 404.
  MANIFEST_BLOB_UNKNOWN(404, "blob unknown to registry"),
  BLOB_UNKNOWN(404, "blob unknown to registry"),
  BLOB_UPLOAD_UNKNOWN(404, "blob upload unknown to registry"),
  /// 404, not 400: as 2.8.2 answers it, and clients begin anew on it.
  BLOB_UPLOAD_INVALID(404, "blob upload invalid"),
  PAGINATION_NUMBER_INVALID(400, "invalid number of results requested");

  private final int status;
  private final String message;

  ErrorCode(int status, String message) {
    this.status = status;
    this.message = message;
  }

  /// The HTTP status that goes with the code, unless a [RegistryException] names a closer one.
  public int status() {
    return status;
  }

  /// The sentence that goes with the code.
  public String message() {
    return message;
  }
}
