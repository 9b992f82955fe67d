package dev.berth.server.engine;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Optional;

/// Header fields of a request that came by HTTP/2: their names are in small letters there, and
/// `:authority` stands for `Host`. Not changed once the request is handed out.
record StreamHeaders(Http2Headers fields) implements HttpHeaders {
  @Override
  public Optional<String> first(String name) {
    CharSequence value = fields.get(FieldNames.lower(name));
    if (value == null && isHost(name)) {
      value = fields.authority();
    }
    return value == null ? Optional.empty() : Optional.of(value.toString());
  }

  @Override
  public List<String> all(String name) {
    List<CharSequence> values = fields.getAll(FieldNames.lower(name));
    if (values.isEmpty() && isHost(name)) {
      return first(name).map(List::of).orElse(List.of());
    }
    return values.stream().map(CharSequence::toString).toList();
  }

  private static boolean isHost(String name) {
    return HttpHeaderNames.HOST.contentEqualsIgnoreCase(name);
  }
}
