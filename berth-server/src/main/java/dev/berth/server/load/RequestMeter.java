package dev.berth.server.load;

/// Is told of what a connection does.
interface RequestMeter {
  /// Counts nothing.
  RequestMeter NONE =
      new RequestMeter() {
        @Override
        public void answered(RequestKind kind, long nanos, long bytes) {
          // Nobody asks.
        }

        @Override
        public void toldToWait() {
          // Nobody asks.
        }
      };

  /// A request was answered as hoped.
  ///
  /// @param nanos from before it was sent until its answer was read
  /// @param bytes of its body, or of that of its answer
  void answered(RequestKind kind, long nanos, long bytes);

  /// A request was answered with `Retry-After`.
  void toldToWait();
}
