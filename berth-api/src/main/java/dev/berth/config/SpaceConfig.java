package dev.berth.config;

import org.jspecify.annotations.Nullable;

/// What is kept free on the volume of the store.
///
/// @param reserve size of the file that is given up when the volume is full, so that deletes and
///   manifests go on; absent means: by the size of the volume
/// @param watermark uploads are refused when less than this is free; absent means: by the size of
///   the volume
public record SpaceConfig(@Nullable DataSize reserve, @Nullable DataSize watermark) {
  public static final SpaceConfig DEFAULTS = new SpaceConfig(null, null);

  private static final long MOST_RESERVE = DataSize.ofMebibytes(64).bytes();
  private static final long MOST_WATERMARK = DataSize.ofMebibytes(10 * 1024).bytes();
  private static final long RESERVE_PARTS = 100;
  private static final long WATERMARK_PARTS = 20;

  /// Bytes of the reserve on a volume of `total` bytes: by itself 1 %, at most 64 MiB.
  public long reserveBytes(long total) {
    return reserve == null ? Math.min(MOST_RESERVE, total / RESERVE_PARTS) : reserve.bytes();
  }

  /// Bytes of the watermark on a volume of `total` bytes: by itself 5 %, at most 10 GiB.
  public long watermarkBytes(long total) {
    return watermark == null
        ? Math.min(MOST_WATERMARK, total / WATERMARK_PARTS)
        : watermark.bytes();
  }
}
