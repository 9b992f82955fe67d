package dev.berth.server.engine;

import java.util.concurrent.atomic.AtomicInteger;

/// What all connections of one engine share.
final class EngineState {
  final EngineSettings settings;
  final HttpHandler handler;
  final WorkerPool reads;
  final WorkerPool writes;
  final BodyBudget bodies = new BodyBudget();
  final HeadBudget heads;
  final DateField date = new DateField();
  final AtomicInteger connections = new AtomicInteger();

  /// Connections end with their present answer.
  volatile boolean draining;

  EngineState(EngineSettings settings, HeadBudget heads, HttpHandler handler) {
    this.settings = settings;
    this.heads = heads;
    this.handler = handler;
    this.reads = new WorkerPool("berth-read", settings.reads());
    this.writes = new WorkerPool("berth-write", settings.writes());
  }

  /// Uploads must not starve pulls, so they have threads of their own.
  WorkerPool poolFor(String method) {
    return method.equals("GET") || method.equals("HEAD") ? reads : writes;
  }
}
