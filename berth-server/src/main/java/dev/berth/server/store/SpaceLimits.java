package dev.berth.server.store;

/// How much room is kept free, in bytes: the smaller of a fixed amount and a share of the store, so
/// that small volumes work too.
///
/// @param watermarkBytes no new uploads with less free than this, ...
/// @param watermarkShare ... or than this share of the store (0 to 1)
/// @param reserveBytes the reserve file; at most 64 MiB, ...
/// @param reserveShare ... and at most this share of the store
public record SpaceLimits(
    long watermarkBytes, double watermarkShare, long reserveBytes, double reserveShare) {
  private static final long GIB = 1L << 30;
  private static final long MAX_RESERVE = 64L << 20;

  /// min(10 GiB, 5 %) and min(64 MiB, 1 %).
  public static final SpaceLimits DEFAULT = new SpaceLimits(10 * GIB, 0.05, MAX_RESERVE, 0.01);

  public SpaceLimits {
    if (reserveBytes > MAX_RESERVE) {
      throw new IllegalArgumentException("the reserve is at most " + MAX_RESERVE + " bytes");
    }
  }

  long watermark(long total) {
    return total == Long.MAX_VALUE ? 0 : Math.min(watermarkBytes, (long) (total * watermarkShare));
  }

  long reserve(long total) {
    return total == Long.MAX_VALUE ? 0 : Math.min(reserveBytes, (long) (total * reserveShare));
  }
}
