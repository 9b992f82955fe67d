package dev.berth.server.load;

/// What a user does: several requests, which succeed or fail together.
enum Operation {
  PUSH("push"),
  PULL("pull");

  private final String title;

  Operation(String title) {
    this.title = title;
  }

  /// Its name in texts and in JSON.
  String title() {
    return title;
  }
}
