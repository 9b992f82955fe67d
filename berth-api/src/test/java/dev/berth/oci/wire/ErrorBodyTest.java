package dev.berth.oci.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.ErrorCode;
import dev.berth.oci.RegistryException.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The expected texts are what registry 2.8.2 sent for the same requests.
class ErrorBodyTest {
  @Test
  void writesNoDetailWhereThereIsNone() {
    assertThat(body(ErrorCode.BLOB_UPLOAD_UNKNOWN, null))
        .isEqualTo(
            """
            {"errors":[{"code":"BLOB_UPLOAD_UNKNOWN","message":"blob upload unknown to registry"}]}
            """)
        .hasSize(88);
  }

  @Test
  void writesADetailOfEveryForm() {
    assertThat(body(ErrorCode.NAME_UNKNOWN, Map.of("name", "x")))
        .isEqualTo(
            """
            {"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known to registry","detail":{"name":"x"}}]}
            """)
        .hasSize(109);
    assertThat(body(ErrorCode.PAGINATION_NUMBER_INVALID, Map.of("n", 5000)))
        .isEqualTo(
            """
            {"errors":[{"code":"PAGINATION_NUMBER_INVALID","message":"invalid number of results requested","detail":{"n":5000}}]}
            """);
    assertThat(body(ErrorCode.DIGEST_INVALID, "digest missing"))
        .isEqualTo(
            """
            {"errors":[{"code":"DIGEST_INVALID","message":"provided digest did not match uploaded content","detail":"digest missing"}]}
            """);
    assertThat(body(ErrorCode.UNKNOWN, List.of("a", 1L, true, Map.of("b", Map.of()))))
        .isEqualTo(
            """
            {"errors":[{"code":"UNKNOWN","message":"unknown error","detail":["a",1,true,{"b":{}}]}]}
            """);
  }

  @Test
  void writesSeveralProblemsInOrder() {
    List<Problem> problems =
        List.of(
            new Problem(ErrorCode.MANIFEST_BLOB_UNKNOWN, "one", "sha256:a"),
            new Problem(ErrorCode.MANIFEST_BLOB_UNKNOWN, "two", "sha256:b"));

    assertThat(new String(ErrorBody.of(problems), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"errors":[{"code":"MANIFEST_BLOB_UNKNOWN","message":"one","detail":"sha256:a"},\
            {"code":"MANIFEST_BLOB_UNKNOWN","message":"two","detail":"sha256:b"}]}
            """);
  }

  @Test
  void escapesWhatBrowsersCouldTakeForMarkup() {
    assertThat(body(ErrorCode.NAME_INVALID, "<b>&\"\\\n\u0001ü"))
        .contains("\"detail\":\"\\u003cb\\u003e\\u0026\\\"\\\\\\n\\u0001ü\"");
  }

  private static String body(ErrorCode code, @Nullable Object detail) {
    return new String(
        ErrorBody.of(List.of(new Problem(code, code.message(), detail))), StandardCharsets.UTF_8);
  }
}
