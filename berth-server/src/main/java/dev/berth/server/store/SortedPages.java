package dev.berth.server.store;

import dev.berth.oci.Page;
import dev.berth.oci.PageRequest;
import dev.berth.oci.Tag;
import java.util.List;

/// Cuts pages out of sorted lists.
final class SortedPages {
  private SortedPages() {}

  /// The tags after `page.last()`, at most `page.limit()` of them.
  static Page<Tag> cut(List<Tag> sorted, PageRequest page) {
    int from = page.last().map(last -> firstAfter(sorted, last)).orElse(0);
    int to = (int) Math.min((long) from + page.limit().orElse(sorted.size()), sorted.size());
    boolean all = from == 0 && to == sorted.size();
    // Of a list that cannot be changed a page of all makes no copy.
    return new Page<>(all ? sorted : sorted.subList(from, to), to < sorted.size());
  }

  /// `last` need not be in the list, nor be a valid tag.
  private static int firstAfter(List<Tag> sorted, String last) {
    int low = 0;
    int high = sorted.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted.get(middle).value().compareTo(last) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
