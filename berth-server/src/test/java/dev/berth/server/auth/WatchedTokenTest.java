package dev.berth.server.auth;

import static dev.berth.server.reload.Looks.twice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.server.reload.Reloads;
import dev.berth.server.reload.UnusableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedTokenTest {
  private static final String FIRST = "0123456789abcdef";
  private static final String SECOND = "fedcba9876543210";

  @TempDir private Path folder;

  private final Reloads reloads = new Reloads(InstantSource.system());
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(folder.resolve("token"), FIRST + "\n");
  }

  private WatchedToken open() {
    return new WatchedToken(file, reloads.add("berth.admin.tokenfile"));
  }

  private String problem() {
    return reloads.faults().getOrDefault("reload_berth.admin.tokenfile", "");
  }

  @Test
  void onlyTheWholeTokenUnderItsSchemeIsTaken() {
    WatchedToken token = open();

    assertThat(token.isShownBy("Bearer " + FIRST)).isTrue();
    assertThat(token.isShownBy("bearer " + FIRST)).isTrue();
    for (String wrong :
        new String[] {
          "",
          "Bearer",
          "Bearer ",
          FIRST,
          "Basic " + FIRST,
          "Bearer " + FIRST + "0",
          "Bearer " + FIRST.substring(1),
          "Bearer " + SECOND,
          "Bearer " + FIRST.toUpperCase(Locale.ROOT)
        }) {
      assertThat(token.isShownBy(wrong)).as(wrong).isFalse();
    }
  }

  @Test
  void whatTheFileHoldsNowCounts() throws IOException {
    WatchedToken token = open();
    Files.writeString(file, SECOND);
    twice(token::renew);

    assertThat(token.isShownBy("Bearer " + SECOND)).isTrue();
    assertThat(token.isShownBy("Bearer " + FIRST)).isFalse();
  }

  @Test
  void aFileThatCannotBeUsedLeavesTheLastTokenAndSaysSo() throws IOException {
    WatchedToken token = open();
    Files.writeString(file, "short\n");
    twice(token::renew);
    assertThat(token.isShownBy("Bearer " + FIRST)).isTrue();
    assertThat(token.isShownBy("Bearer short")).isFalse();
    assertThat(problem()).startsWith(file + ": holds no token").doesNotContain("short");

    Files.delete(file);
    twice(token::renew);
    assertThat(problem()).contains("no such file");

    Files.writeString(file, FIRST);
    twice(token::renew);
    assertThat(problem()).isEmpty();
  }

  @Test
  void whatIsNoTokenRefusesTheStart() throws IOException {
    for (String text :
        new String[] {
          "", "\n", "short", "two words of a text", "line one is\nline two is", "x".repeat(1025)
        }) {
      Files.writeString(file, text);
      assertThatThrownBy(this::open)
          .isInstanceOf(UnusableFile.class)
          .hasMessageStartingWith(
              "berth.admin.tokenfile: " + file + ": holds no token; write one line of 16");
    }
    Files.delete(file);
    assertThatThrownBy(this::open)
        .hasMessage(
            "berth.admin.tokenfile: "
                + file
                + ": no such file; make it, such as with `openssl rand -hex 32`");
  }
}
