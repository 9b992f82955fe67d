package dev.berth.server.outgoing;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Requests to an address that an operator configured, with the header fields configured for it.
public final class OutgoingRequests {
  /// What the JDK's client sets by itself and nobody else may.
  private static final Set<String> OWN_FIELDS =
      Set.of("connection", "content-length", "expect", "host", "upgrade");

  private OutgoingRequests() {}

  /// Begins one. A login in the URL is sent as the basic scheme has it, unless the fields have one.
  ///
  /// @param unsendable is given the name of each field that cannot be sent, once for each value
  public static HttpRequest.Builder to(
      URI url, Map<String, List<String>> fields, Consumer<String> unsendable) {
    HttpRequest.Builder request = HttpRequest.newBuilder(withoutLogin(url));
    boolean agent = false;
    boolean login = false;
    for (var field : fields.entrySet()) {
      String name = field.getKey().toLowerCase(Locale.ROOT);
      agent |= name.equals("user-agent");
      login |= name.equals("authorization");
      field.getValue().forEach(value -> add(request, field.getKey(), value, unsendable));
    }
    if (!agent) {
      request.header("User-Agent", "Berth");
    }
    if (!login && url.getUserInfo() != null) {
      request.header("Authorization", basic(url.getUserInfo()));
    }
    return request;
  }

  private static void add(
      HttpRequest.Builder request, String name, String value, Consumer<String> unsendable) {
    try {
      if (OWN_FIELDS.contains(name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException("set by the client itself");
      }
      request.header(name, value);
    } catch (IllegalArgumentException e) {
      unsendable.accept(name);
    }
  }

  private static URI withoutLogin(URI url) {
    String text = url.toASCIIString();
    return url.getRawUserInfo() == null ? url : URI.create(text.replaceFirst("//[^/?#]*@", "//"));
  }

  private static String basic(String login) {
    String pair = login.contains(":") ? login : login + ":";
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }
}
