package dev.berth.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.oci.ErrorCode;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.UploadId;
import dev.berth.oci.UploadSession;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The fixtures are locations that Debian's docker-registry 2.8.2 gave on 2026-11-21 with
/// `http.secret: berth-fixture-secret`: for `POST /v2/team/app/blobs/uploads/`, and for a `PATCH`
/// of `hello world` to that.
class UploadStateTest {
  private static final String SECRET = "berth-fixture-secret";
  private static final RepositoryName NAME = new RepositoryName("team/app");
  private static final UploadId ID = new UploadId("93d9ce19-1ef2-4ae3-8a00-5599b5f5728d");
  private static final String AFTER_POST =
      "BfhLyTp26MklUARHIt-fXL_TrUS06bLTxZnqUFFg5y17Ik5hbWUiOiJ0ZWFtL2FwcCIsIlVVSUQiOiI5M2Q5Y2UxOS0x"
          + "ZWYyLTRhZTMtOGEwMC01NTk5YjVmNTcyOGQiLCJPZmZzZXQiOjAsIlN0YXJ0ZWRBdCI6IjIwMjYtMTEtMjFUMDI6N"
          + "TY6MjMuNzQ2NDg4MzE1WiJ9";
  private static final String AFTER_PATCH =
      "N1XwVENbvytoicHnzrOP0ExGYGGOFIZUTYqwhvnKenB7Ik5hbWUiOiJ0ZWFtL2FwcCIsIlVVSUQiOiI5M2Q5Y2UxOS0x"
          + "ZWYyLTRhZTMtOGEwMC01NTk5YjVmNTcyOGQiLCJPZmZzZXQiOjExLCJTdGFydGVkQXQiOiIyMDI2LTExLTIxVDAyO"
          + "jU2OjIzWiJ9";

  private final UploadState states = new UploadState(SECRET.getBytes(StandardCharsets.UTF_8));

  @Test
  void readsWhatRegistryTwoWrites() {
    assertThat(states.offset(AFTER_POST, NAME, ID)).isZero();
    assertThat(states.offset(AFTER_PATCH, NAME, ID)).isEqualTo(11);
  }

  @Test
  void writesWhatRegistryTwoWrites() {
    var session = new UploadSession(ID, Instant.parse("2026-11-21T02:56:23Z"), 11);

    assertThat(states.issue(NAME, session)).isEqualTo(AFTER_PATCH);
  }

  @Test
  void readsItsOwnTokensOfEveryLength() {
    for (long size = 1; size < 1_000_000_000_000L; size *= 10) {
      var session = new UploadSession(ID, Instant.EPOCH, size);

      assertThat(states.offset(states.issue(NAME, session), NAME, ID)).isEqualTo(size);
    }
  }

  @Test
  void refusesTokensOfOtherUploads() {
    assertRefused(AFTER_POST, new RepositoryName("team/other"), ID);
    assertRefused(AFTER_POST, NAME, new UploadId("other"));
  }

  @Test
  void refusesTokensOfOtherSecrets() {
    var other = new UploadState("other".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> other.offset(AFTER_POST, NAME, ID))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.BLOB_UPLOAD_INVALID);
              assertThat(e.status()).isEqualTo(404);
            });
  }

  @Test
  void refusesEveryChangedByte() {
    byte[] token = Base64.getUrlDecoder().decode(AFTER_PATCH);
    for (int i = 0; i < token.length; i++) {
      byte[] changed = token.clone();
      changed[i] ^= 1;

      assertRefused(Base64.getUrlEncoder().encodeToString(changed), NAME, ID);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "====", "not base64!", "AAAA", "ä"})
  void refusesWhatIsNoToken(String token) {
    assertRefused(token, NAME, ID);
  }

  @Test
  void refusesEndlessTokens() {
    assertRefused("A".repeat(100_000), NAME, ID);
  }

  @Test
  void worksWithoutASecretAsRegistryTwoDoes() {
    var empty = new UploadState(new byte[0]);
    var session = new UploadSession(ID, Instant.EPOCH, 3);

    assertThat(empty.offset(empty.issue(NAME, session), NAME, ID)).isEqualTo(3);
  }

  private void assertRefused(String token, RepositoryName name, UploadId id) {
    assertThatThrownBy(() -> states.offset(token, name, id))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.BLOB_UPLOAD_INVALID));
  }
}
