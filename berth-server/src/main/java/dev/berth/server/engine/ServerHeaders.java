package dev.berth.server.engine;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;

/// Header fields as Vert.x holds them; not changed once the request is handed out.
record ServerHeaders(MultiMap fields) implements HttpHeaders {
  @Override
  public Optional<String> first(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  @Override
  public List<String> all(String name) {
    return fields.getAll(name);
  }
}
