package dev.berth.oci.wire;

import dev.berth.oci.ErrorCode;
import dev.berth.oci.RegistryException.Problem;
import java.util.List;

/// The body of a refusal (distribution-spec, "Error codes"):
/// `{"errors":[{"code":"…","message":"…","detail":…}]}` and a line feed, with `detail` left out
/// where there is none. Byte for byte what registry 2.8.2 writes.
public final class ErrorBody {
  /// The `Content-Type` that goes with it.
  public static final String CONTENT_TYPE = "application/json; charset=utf-8";

  private ErrorBody() {}

  public static byte[] of(List<Problem> problems) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("errors");
          for (Problem problem : problems) {
            json.writeStartObject();
            json.writeStringField("code", problem.code().name());
            json.writeStringField("message", problem.message());
            Object detail = problem.detail();
            // Registry 2.8.2 always says which rights were missing, be it none.
            if (detail != null || problem.code() == ErrorCode.UNAUTHORIZED) {
              json.writeFieldName("detail");
              Json.value(json, detail);
            }
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }
}
