package dev.berth.server.doctor;

import java.io.IOException;
import java.util.Optional;

/// Requests to a registry by one caller.
///
/// @param authorization what is sent to prove who it is; empty for nothing
record Session(Target target, WebClient client, Optional<String> authorization) {
  /// A path below `/v2/`.
  String path(String rest) {
    return target.prefix() + "/v2/" + rest;
  }

  WebAnswer send(WebRequest request) throws IOException {
    return client.send(
        authorization.map(value -> request.with("Authorization", value)).orElse(request));
  }
}
