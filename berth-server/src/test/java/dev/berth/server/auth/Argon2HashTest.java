package dev.berth.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Argon2HashTest {
  /// Of `password`, from the tests of the reference implementation.
  private static final String PASSWORD =
      "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

  private static final String END = "$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

  @TempDir private Path folder;

  @Test
  void readsWhatTheReferenceImplementationWrites() {
    Argon2Hash hash = Argon2Hash.parse(PASSWORD).orElseThrow();

    assertThat(hash.matches("password")).isTrue();
    assertThat(hash.matches("passwore")).isFalse();
    assertThat(hash.dummy().matches("password")).isFalse();
    assertThat(hash.text()).isEqualTo(PASSWORD);
  }

  /// Else one line would take the heap, or the processor, of all.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "$argon2id$v=19$m=4194304,t=2,p=1",
        "$argon2id$v=19$m=999999,t=1,p=1",
        "$argon2id$v=19$m=65537,t=1,p=1",
        "$argon2id$v=19$m=65536,t=5,p=1",
        "$argon2id$v=19$m=256,t=17,p=1",
        "$argon2id$v=19$m=256,t=2147483648,p=1",
        "$argon2id$v=19$m=256,t=2,p=9",
        "$argon2id$v=19$m=7,t=2,p=1",
        "$argon2id$v=19$m=0,t=2,p=1",
        "$argon2id$v=19$m=256,t=0,p=1",
        "$argon2id$v=16$m=256,t=2,p=1",
        "$argon2i$v=19$m=256,t=2,p=1",
        "$argon2d$v=19$m=256,t=2,p=1",
      })
  void whatCostsTooMuchOrIsAnotherKindIsNoHash(String start) {
    assertThat(Argon2Hash.parse(start + END)).isEmpty();
    PasswordFile file = PasswordFile.parse("eve:" + start + END);

    assertThat(file.hashes()).isEmpty();
    assertThat(file.useless()).hasSize(1).first().asString().doesNotContain("c29tZXNhbHQ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "$argon2id$", "$argon2id$v=19$m=256,t=2,p=1$$", "x"})
  void whatIsNoneIsNone(String text) {
    assertThat(Argon2Hash.parse(text)).isEqualTo(Optional.empty());
  }

  @Test
  void aFileHoldsBothKinds() throws IOException {
    Path users = folder.resolve("users");
    var editor = new PasswordFileEditor(users, new SecureRandom());
    String longer = "x".repeat(100);

    editor.put("alice", longer, true);
    editor.put("bob", "pass", false);

    assertThat(Files.readString(users)).contains("alice:$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(Files.readString(users)).contains("bob:$2y$10$");
    assertThat(editor.verify("alice", longer)).isTrue();
    assertThat(editor.verify("alice", longer.substring(1))).isFalse();
    assertThat(editor.verify("bob", "pass")).isTrue();
  }

  @Test
  void unknownNamesTakeAsLongAsKnownOnes() {
    String costly = PASSWORD.replace("m=256", "m=16384");

    assertThat(PasswordFile.parse("a:" + costly).dummy("x"))
        .startsWith("$argon2id$v=19$m=16384,t=2,p=1$");
  }
}
