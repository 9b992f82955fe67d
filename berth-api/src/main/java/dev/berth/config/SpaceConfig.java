package dev.berth.config;

import org.jspecify.annotations.Nullable;

/// What is kept free on the volume of the store.
///
/// @param reserve size of the file that is given up when the volume is full, so that deletes and
///   manifests go on, at most 64 MiB; absent means: 1 % of the volume, at most 64 MiB
/// @param watermark uploads are refused when less than this is free; absent means: 5 % of the
///   volume, at most 10 GiB
public record SpaceConfig(@Nullable DataSize reserve, @Nullable DataSize watermark) {
  public static final SpaceConfig DEFAULTS = new SpaceConfig(null, null);

  private static final DataSize MOST_RESERVE = DataSize.ofMebibytes(64);
  private static final DataSize MOST_WATERMARK = DataSize.ofMebibytes(10 * 1024);
  private static final long RESERVE_PARTS = 100;
  private static final long WATERMARK_PARTS = 20;

  public SpaceConfig {
    if (reserve != null) {
      Bounds.between("reserve", reserve, new DataSize(0), MOST_RESERVE);
    }
  }

  /// Bytes of the reserve on a volume of `total` bytes.
  public long reserveBytes(long total) {
    return reserve == null
        ? Math.min(MOST_RESERVE.bytes(), total / RESERVE_PARTS)
        : reserve.bytes();
  }

  /// Bytes of the watermark on a volume of `total` bytes.
  public long watermarkBytes(long total) {
    return watermark == null
        ? Math.min(MOST_WATERMARK.bytes(), total / WATERMARK_PARTS)
        : watermark.bytes();
  }
}
