package dev.berth.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.wire.OciRequest;
import dev.berth.oci.wire.OciRoutes;
import dev.berth.oci.wire.Route;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AccessTest {
  private static final String DIGEST = "sha256:" + "a".repeat(64);

  /// Each kind of request and what it needs, as registry 2.8.2 asks for it.
  private static final String TABLE =
      """
      GET    /v2/                                     |
      GET    /v2/a/b/manifests/t                      | a/b:pull
      HEAD   /v2/a/b/blobs/D                          | a/b:pull
      GET    /v2/a/b/tags/list                        | a/b:pull
      GET    /v2/a/b/referrers/D                      | a/b:pull
      GET    /v2/a/b/blobs/uploads/u                  | a/b:pull
      POST   /v2/a/b/blobs/uploads/                   | a/b:pull a/b:push
      POST   /v2/a/b/blobs/uploads/?digest=D          | a/b:pull a/b:push
      POST   /v2/a/b/blobs/uploads/?mount=D           | a/b:pull a/b:push
      POST   /v2/a/b/blobs/uploads/?mount=D&from=c    | a/b:pull a/b:push c:pull
      PATCH  /v2/a/b/blobs/uploads/u                  | a/b:pull a/b:push
      PUT    /v2/a/b/blobs/uploads/u?digest=D         | a/b:pull a/b:push
      PUT    /v2/a/b/manifests/t                      | a/b:pull a/b:push
      DELETE /v2/a/b/blobs/uploads/u                  | a/b:delete
      DELETE /v2/a/b/manifests/t                      | a/b:delete
      DELETE /v2/a/b/manifests/D                      | a/b:delete
      DELETE /v2/a/b/blobs/D                          | a/b:delete
      GET    /v2/_catalog                             | catalog:*
      """;

  @Test
  void everyKindOfRequestNeedsWhatTheTableSays() {
    var routes = new OciRoutes("/", false);
    Set<Class<?>> kinds = new HashSet<>();
    for (String line : TABLE.lines().toList()) {
      String[] row = line.split("\\|", -1);
      String[] request = row[0].strip().split("\\s+", 2);
      String[] target = request[1].replace("D", DIGEST).split("\\?", 2);
      Route route = routes.parse(request[0], target[0], target.length > 1 ? target[1] : "");
      assertThat(route).as(line).isInstanceOf(Route.Found.class);
      OciRequest parsed = ((Route.Found) route).request();
      kinds.add(parsed.getClass());

      String needs =
          Access.of(parsed).stream()
              .map(need -> need.name() + ":" + need.action().word())
              .collect(Collectors.joining(" "));
      assertThat(needs).as(line).isEqualTo(row[1].strip());
    }
    assertThat(kinds).containsExactlyInAnyOrder(OciRequest.class.getPermittedSubclasses());
  }
}
