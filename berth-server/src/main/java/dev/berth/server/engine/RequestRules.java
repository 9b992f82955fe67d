package dev.berth.server.engine;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What RFC 9112 asks of a request's head beyond what the decoder checks (it refuses broken lines,
/// several or malformed lengths, and a length beside a transfer coding, which is how requests are
/// smuggled).
final class RequestRules {
  private RequestRules() {}

  /// A head that must not reach a handler.
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    Refused(int status, String message) {
      super(message, null, false, false);
      this.status = status;
    }
  }

  /// Null if the request may go on.
  static @Nullable Refused refusal(HttpRequest request) {
    HttpVersion version = request.protocolVersion();
    boolean newer = version.equals(HttpVersion.HTTP_1_1);
    if (!newer && !version.equals(HttpVersion.HTTP_1_0)) {
      return new Refused(505, "only HTTP/1.1 and HTTP/1.0");
    }
    HttpHeaders fields = request.headers();
    List<String> codings = fields.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!codings.isEmpty() && !newer) {
      return new Refused(400, "Transfer-Encoding in HTTP/1.0");
    }
    if (!codings.isEmpty()
        && !(codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked"))) {
      return new Refused(501, "the only transfer coding is chunked");
    }
    // RFC 9112 §3.2: one Host field, no more and no less.
    int hosts = fields.getAll(HttpHeaderNames.HOST).size();
    if (hosts > 1 || (newer && hosts == 0)) {
      return new Refused(400, "exactly one Host field is needed");
    }
    if (fields.contains("")) {
      return new Refused(400, "a field without a name");
    }
    String expect = fields.get(HttpHeaderNames.EXPECT);
    if (expect != null && newer && !expect.equalsIgnoreCase("100-continue")) {
      return new Refused(417, "the only expectation is 100-continue");
    }
    return pathStart(request.uri()) < 0 ? new Refused(400, "malformed request target") : null;
  }

  /// The status for a head that the decoder or [#refusal] refused.
  static int status(@Nullable Throwable cause) {
    if (cause instanceof Refused refused) {
      return refused.status;
    }
    if (cause instanceof TooLongHttpLineException) {
      return 414;
    }
    return cause instanceof TooLongHttpHeaderException ? 431 : 400;
  }

  /// Where the path begins in a request target: at 0 in `/v2/`, behind the authority in
  /// `http://host/v2/` (RFC 9112 §3.2.2: every server must take it). -1 if it is neither.
  static int pathStart(String target) {
    if (target.startsWith("/")) {
      return 0;
    }
    int scheme = target.indexOf("://");
    if (scheme <= 0) {
      return -1;
    }
    return target.indexOf('/', scheme + 3);
  }
}
