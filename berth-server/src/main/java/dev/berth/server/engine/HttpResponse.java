package dev.berth.server.engine;

import java.util.ArrayList;
import java.util.List;

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

  /// The same answer with other content.
  public HttpResponse with(Content other) {
    return new HttpResponse(status, headers, other);
  }
}
