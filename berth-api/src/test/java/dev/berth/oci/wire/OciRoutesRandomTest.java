package dev.berth.oci.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OciRoutesRandomTest {
  private static final int LINES = 50_000;
  private static final int MOST_PIECES = 9;
  private static final String HEX = "0123456789abcdef".repeat(4);

  /// Pieces of the grammar and of attacks on it, apart by spaces.
  private static final List<String> PIECES =
      List.of(
          """
          /v2/ / // a A library/alpine /blobs/ /blobs/uploads/ /manifests/ /tags/list /referrers/
          _catalog .. . %2e %2F %00 % %zz %ff ä \0 + - _ : sha256: sha256:HEX sha512:HEXHEX HEX latest
          ? & = n= last= digest= mount= from= tag= _state= artifactType= 99999999999999999999 -1 ; #
          * \\ \ud800
          """
              .replace("HEX", HEX)
              .strip()
              .split("\\s+"));

  private static final List<String> VERBS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "", "get");

  private final OciRoutes routes = new OciRoutes("", false);

  /// An answer, never an exception; and a request that is found can be written and read again.
  @Test
  void answersEveryRequestLine() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < LINES; i++) {
      String verb = VERBS.get(random.nextInt(VERBS.size()));
      String line = line(random);

      assertThatCode(() -> readsAgain(verb, line))
          .as("seed %d: %s %s", seed, verb, line)
          .doesNotThrowAnyException();
    }
  }

  private void readsAgain(String verb, String line) {
    if (parse(verb, line) instanceof Route.Found(OciRequest request)) {
      Route again = parse(OciRoutes.method(request), OciRoutes.format(request));
      assertThat(again).isEqualTo(new Route.Found(request));
    }
  }

  private static String line(Random random) {
    var line = new StringBuilder("/v2/");
    for (int i = random.nextInt(MOST_PIECES); i > 0; i--) {
      line.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return line.toString();
  }

  private Route parse(String verb, String target) {
    int question = target.indexOf('?');
    return question < 0
        ? routes.parse(verb, target, "")
        : routes.parse(verb, target.substring(0, question), target.substring(question + 1));
  }
}
