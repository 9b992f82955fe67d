package dev.berth.e2e.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What may be in a store, by `docs/storage-format.md`: a closed world, so that a file anywhere
/// else is seen.
final class StoreTree {
  private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final String NAME = COMPONENT + "(?:/" + COMPONENT + ")*";
  private static final String DIGEST = "(?:sha256/[0-9a-f]{64}|sha512/[0-9a-f]{128})";
  private static final String TAG = "[A-Za-z0-9_][A-Za-z0-9._-]{0,127}";

  private static final Pattern FILE =
      Pattern.compile(
          "berth/(?:format|secret|reserve|locks|probe)"
              + "|docker/registry/v2/blobs/sha256/([0-9a-f]{2})/\\1[0-9a-f]{62}/data"
              + "|docker/registry/v2/repositories/%s/(?:%s)"
                  .formatted(
                      NAME,
                      String.join(
                          "|",
                          "_layers/" + DIGEST + "/link",
                          "_manifests/revisions/" + DIGEST + "/link",
                          "_manifests/tags/" + TAG + "/current/link",
                          "_manifests/tags/" + TAG + "/index/sha256/[0-9a-f]{64}/link",
                          "_uploads/[0-9a-f-]{36}/(?:data|startedat|berth)",
                          "_uploads/[0-9a-f-]{36}/hashstates/sha256/[0-9]+")));

  private StoreTree() {}

  /// Every file under `root` that has no business there.
  static List<String> strangers(Path root) {
    return files(root).filter(file -> !FILE.matcher(file).matches()).toList();
  }

  private static Stream<String> files(Path root) {
    try (var found = Files.walk(root)) {
      return found
          .filter(file -> !Files.isDirectory(file))
          .map(file -> root.relativize(file).toString())
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
