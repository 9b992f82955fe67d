package dev.berth.server.store;

import dev.berth.oci.RepositoryName;
import dev.berth.oci.UploadId;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StoragePath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The files that hold the bytes of an upload: `data`, and a segment for each time that another
/// process went on. No process writes into a file that another one made, so what two of them write
/// at once can spoil an upload but never be mixed in one file. A segment ends the one before it
/// where it begins: who came later has the client.
///
/// @param parts in order, without gaps; a part may be empty
/// @param size bytes of all parts
/// @param tail the last file, null where there is none
record UploadFiles(List<Part> parts, long size, @Nullable StoragePath tail) {
  static final UploadFiles NONE = new UploadFiles(List.of(), 0, null);

  /// The first `length` bytes of a file, which are those of the upload from `start` on.
  record Part(StoragePath path, long start, long length) {}

  static UploadFiles read(StorageDriver driver, RepositoryName repository, UploadId id) {
    StoragePath folder = StoreLayout.upload(repository, id);
    List<Part> files = new ArrayList<>();
    for (String name : driver.list(folder).orElse(List.of())) {
      long start = StoreLayout.segmentStart(name);
      if (start >= 0) {
        StoragePath path = StoreLayout.uploadFile(repository, id, name);
        driver.stat(path).ifPresent(info -> files.add(new Part(path, start, info.size())));
      }
    }
    files.sort(Comparator.comparingLong(Part::start).thenComparing(part -> part.path().name()));
    return inOrder(files);
  }

  private static UploadFiles inOrder(List<Part> files) {
    List<Part> parts = new ArrayList<>();
    long end = 0;
    for (int i = 0; i < files.size(); i++) {
      Part file = files.get(i);
      if (file.start() > end) {
        break;
      }
      long next = i + 1 < files.size() ? files.get(i + 1).start() : Long.MAX_VALUE;
      long length = Math.min(file.length(), next - file.start());
      parts.add(new Part(file.path(), file.start(), length));
      end = file.start() + length;
    }
    return parts.isEmpty()
        ? NONE
        : new UploadFiles(List.copyOf(parts), end, parts.getLast().path());
  }

  /// All but the last file.
  UploadFiles withoutTail() {
    if (parts.size() <= 1) {
      return NONE;
    }
    List<Part> before = parts.subList(0, parts.size() - 1);
    return new UploadFiles(List.copyOf(before), parts.getLast().start(), before.getLast().path());
  }

  /// Bytes of the last file that count.
  long tailLength() {
    return parts.isEmpty() ? 0 : parts.getLast().length();
  }
}
