import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// A fast answer must not be an old one: registry 2.8.2, in another process on the same store,
/// moves a tag, and the very next read of the server under test must see it.
final class MovedTag {
  private static final int MOVES = 100;

  private MovedTag() {}

  static void check(Server server, Path folder, Content content) throws Exception {
    try (Server other =
            Server.start(
                Server.Kind.REGISTRY2, folder, server.store, List.of("taskset", "-c", "1"));
        Client mover = new Client(other.port);
        Client reader = new Client(server.port)) {
      for (int move = 0; move < MOVES; move++) {
        byte[] manifest = move % 2 == 0 ? content.other : content.manifest;
        Content.putManifest(mover, "bench/image", "latest", manifest);
        Client.Reply reply =
            reader.get("/v2/bench/image/manifests/latest", "Accept: " + Content.MANIFEST_TYPE);
        boolean right =
            Arrays.equals(reply.body(), manifest)
                && reply.header("docker-content-digest").endsWith(PushLoad.sha256(manifest));
        if (!right) {
          throw new IllegalStateException(
              server.kind.title + " did not see that the tag was moved, move " + move);
        }
      }
    }
    System.out.printf(
        "A tag moved %d times by registry 2.8.2: each next read of %s saw it.%n%n",
        MOVES, server.kind.title);
  }
}
