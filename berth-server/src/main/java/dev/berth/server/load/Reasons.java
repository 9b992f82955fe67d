package dev.berth.server.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.berth.oci.ErrorCode;
import dev.berth.server.load.RequestFailure.Nature;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertPathBuilderException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/// Why requests fail, in few words: a class of failures has one name whoever met it.
final class Reasons {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern CODE = Pattern.compile("[A-Z_]{1,40}");
  private static final int MOST_TEXT = 300;
  private static final List<String> RESET =
      List.of("reset", "broken pipe", "no bytes", "eof", "closed", "aborted", "end of file");

  static final String UNKNOWN_AUTHORITY = "TLS: unknown authority";
  static final String NO_TLS = "TLS: the server does not speak it";
  static final String NO_HOST = "no such host";
  static final String REFUSED = "connection refused";

  private Reasons() {}

  /// Of an answer that was not hoped for.
  static RequestFailure of(Call call, Answer answer) {
    String code = code(answer.beginning());
    return new RequestFailure(
        call.kind(),
        code.isEmpty() ? Integer.toString(answer.status()) : answer.status() + " " + code,
        nature(answer),
        call + " answered " + answer.status() + text(answer.beginning()));
  }

  private static Nature nature(Answer answer) {
    if (answer.isMissing()) {
      return Nature.MISSING;
    }
    return answer.status() == ErrorCode.UNSUPPORTED.status() ? Nature.UNSUPPORTED : Nature.UNTOLD;
  }

  /// Of other bytes than those that were asked for.
  static RequestFailure wrongBytes(Call call, Object wanted, Object came) {
    return new RequestFailure(
        call.kind(),
        "wrong digest",
        Nature.WRONG_BYTES,
        call + " brought " + came + " in place of " + wanted);
  }

  /// Of a token that is not asked for.
  static RequestFailure realmInClear(Call call) {
    return new RequestFailure(
        call.kind(),
        "realm without TLS",
        Nature.UNTOLD,
        call + ": not asked, a password would go there in clear: the realm of tokens needs https");
  }

  /// Of a request that was not answered.
  static RequestFailure of(Call call, Throwable cause) {
    String reason = reason(cause);
    String detail =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new RequestFailure(
        call.kind(), reason, Nature.UNTOLD, call + ": " + reason + " (" + line(detail) + ")");
  }

  private static String reason(Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof UnresolvedAddressException || each instanceof UnknownHostException) {
        return NO_HOST;
      }
      if (each instanceof CertPathBuilderException) {
        return UNKNOWN_AUTHORITY;
      }
    }
    return switch (cause) {
      case HttpConnectTimeoutException _ -> "connect timed out";
      case HttpTimeoutException _ -> "timed out";
      case TimeoutException _ -> "timed out";
      case ConnectException _ -> REFUSED;
      case SSLException tls -> tls(String.valueOf(tls.getMessage()));
      case IOException io -> io(io);
      default -> cause.getClass().getSimpleName();
    };
  }

  private static String tls(String message) {
    return message.contains("SSL message") ? NO_TLS : "TLS: " + line(message);
  }

  private static String io(IOException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return RESET.stream().anyMatch(message::contains)
        ? "connection reset"
        : e.getClass().getSimpleName();
  }

  /// The first code of an answer of the specification; empty where it is none.
  private static String code(byte[] body) {
    try (JsonParser json = JSON.createParser(body)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.FIELD_NAME && json.currentName().equals("code")) {
          json.nextToken();
          String code = String.valueOf(json.getText());
          return CODE.matcher(code).matches() ? code : "";
        }
      }
      return "";
    } catch (IOException noJson) {
      return "";
    }
  }

  private static String text(byte[] body) {
    String text = new String(body, 0, Math.min(body.length, MOST_TEXT), StandardCharsets.UTF_8);
    return text.isBlank() ? "" : ": " + line(text);
  }

  /// One line without what a terminal would obey.
  private static String line(String text) {
    String line = text.strip().replaceAll("[\\p{C}\\s]+", " ");
    return line.length() > MOST_TEXT ? line.substring(0, MOST_TEXT) + "…" : line;
  }
}
