package dev.berth.server.engine;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;

/// Properties that Netty and Vert.x read once, when their classes are loaded. What an operator set
/// on the command line stays.
final class NettySettings {
  private NettySettings() {}

  static void apply() {
    // Both would look for SLF4J and Log4j first, and SLF4J without a back end prints to standard
    // error.
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    set("vertx.logger-delegate-factory-class-name", "io.vertx.core.logging.JULLogDelegateFactory");
    // Memory: two arenas of 4 MiB chunks serve all loops, and no thread keeps more than a few
    // buffers to itself.
    set("io.netty.allocator.type", "pooled");
    set("io.netty.allocator.numDirectArenas", "2");
    set("io.netty.allocator.numHeapArenas", "1");
    set("io.netty.allocator.maxOrder", "9");
    set("io.netty.allocator.smallCacheSize", "64");
    set("io.netty.allocator.normalCacheSize", "16");
    // Events of the flight recorder for each buffer: a tenth of a second at start, for nobody.
    set("io.netty.jfr.enabled", "false");
    // What Vert.x offers and nobody here uses: DNS of its own, copies of resources in /tmp,
    // metrics, WebSockets.
    set("vertx.disableDnsResolver", "true");
    set("vertx.disableFileCaching", "true");
    set("vertx.disableFileCPResolving", "true");
    set("vertx.disableMetrics", "true");
    set("vertx.disableWebsockets", "true");
    set("vertx.disableContextTimings", "true");
    set("vertx.disableTCCL", "true");
  }

  private static void set(String name, String value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }
}
