package dev.berth.server.engine;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What RFC 9112, and RFC 9113 for HTTP/2, ask of a request's head beyond what the decoder checks
/// (it refuses broken lines, several or malformed lengths, and a length beside a transfer coding,
/// which is how requests are smuggled).
final class RequestRules {
  /// Method, scheme, authority and path.
  private static final int PSEUDO_FIELDS = 4;

  private static final char DELETE = 0x7f;

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

  /// As above, for a request that came by HTTP/2, whose decoder refuses what RFC 9113 §8.2 and §8.3
  /// call malformed but for what stands here.
  ///
  /// @param urlBytes longest target
  static @Nullable Refused refusal(Http2Headers fields, int urlBytes) {
    for (Map.Entry<CharSequence, CharSequence> field : fields) {
      if (field.getKey().isEmpty() || !isText(field.getValue())) {
        return new Refused(400, "a field without a name, or a value with control characters");
      }
    }
    if (fields.size() > HeadDecoder.MAX_FIELDS + PSEUDO_FIELDS) {
      return new Refused(431, "more than " + HeadDecoder.MAX_FIELDS + " fields");
    }
    CharSequence target = fields.path();
    if (target == null || target.isEmpty() || target.charAt(0) != '/' || !isVisible(target)) {
      return new Refused(400, "malformed request target");
    }
    if (target.length() > urlBytes) {
      return new Refused(414, "the request target is too long");
    }
    CharSequence method = fields.method();
    if (method == null || HttpHeaderValidationUtil.validateToken(method) != -1) {
      return new Refused(400, "malformed method");
    }
    if (!hasOneHost(fields)) {
      return new Refused(400, "exactly one authority is needed");
    }
    CharSequence expect = fields.get(HttpHeaderNames.EXPECT);
    return expect == null || HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expect)
        ? null
        : new Refused(417, "the only expectation is 100-continue");
  }

  /// RFC 9113 §8.3.1: `Host` may stand beside `:authority` if it says the same.
  private static boolean hasOneHost(Http2Headers fields) {
    List<CharSequence> hosts = fields.getAll(HttpHeaderNames.HOST);
    CharSequence authority = fields.authority();
    if (hosts.size() > 1 || (hosts.isEmpty() && authority == null)) {
      return false;
    }
    return hosts.isEmpty()
        || authority == null
        || AsciiString.contentEqualsIgnoreCase(hosts.getFirst(), authority);
  }

  private static boolean isText(CharSequence value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == DELETE) {
        return false;
      }
    }
    return true;
  }

  private static boolean isVisible(CharSequence target) {
    for (int i = 0; i < target.length(); i++) {
      if (target.charAt(i) <= ' ' || target.charAt(i) == DELETE) {
        return false;
      }
    }
    return true;
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
