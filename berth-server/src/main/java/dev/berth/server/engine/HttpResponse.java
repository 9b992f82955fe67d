package dev.berth.server.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An answer: status, header fields in order, and content. `Content-Length` is set from the content
/// by the engine.
///
/// @param headers names and values by turns: `[name, value, name, value, …]`
public record HttpResponse(int status, List<String> headers, Content content) {
  public static HttpResponse of(int status) {
    return new HttpResponse(status, List.of(), new Content.Bytes(new byte[0]));
  }

  /// The same answer with one more header field.
  public HttpResponse with(String name, String value) {
    List<String> more = new ArrayList<>(headers.size() + 2);
    more.addAll(headers);
    more.add(name);
    more.add(value);
    return new HttpResponse(status, List.copyOf(more), content);
  }

  /// The value of a field; empty where there is none.
  public Optional<String> field(String name) {
    for (int i = 0; i < headers.size(); i += 2) {
      if (headers.get(i).equalsIgnoreCase(name)) {
        return Optional.of(headers.get(i + 1));
      }
    }
    return Optional.empty();
  }

  /// The answer to HEAD: as to GET, but without the bytes (RFC 9110, §9.3.2).
  public HttpResponse withoutBody() {
    return content instanceof Content.Bytes ? with(new Content.Length(content.length())) : this;
  }

  /// The same answer with other content.
  public HttpResponse with(Content other) {
    return new HttpResponse(status, headers, other);
  }
}
