package dev.berth.server.load;

/// What a request of the load is for.
enum RequestKind {
  HEAD_BLOB("headBlob", "head blob"),
  START_UPLOAD("startUpload", "start upload"),
  SEND_BLOB("sendBlob", "send blob"),
  FINISH_UPLOAD("finishUpload", "finish upload"),
  PUT_MANIFEST("putManifest", "put manifest"),
  GET_MANIFEST("getManifest", "get manifest"),
  GET_BLOB("getBlob", "get blob"),
  TOKEN("token", "token"),
  /// Before and after the load; never counted.
  OTHER("other", "other");

  private final String field;
  private final String title;

  RequestKind(String field, String title) {
    this.field = field;
    this.title = title;
  }

  /// Its name in JSON.
  String field() {
    return field;
  }

  String title() {
    return title;
  }
}
