package dev.berth.server.engine;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/// TLS whose connections are counted before their handshake, and closed at once where there are too
/// many.
final class AdmittedTls extends SslContext {
  private final SslContext context;
  private final Admission admission;

  AdmittedTls(SslContext context, Admission admission) {
    this.context = context;
    this.admission = admission;
  }

  @Override
  protected SslHandler newHandler(ByteBufAllocator allocator, boolean startTls) {
    return newHandler(allocator, startTls, Runnable::run);
  }

  @Override
  protected SslHandler newHandler(ByteBufAllocator allocator, boolean startTls, Executor tasks) {
    return new AdmittedHandler(newEngine(allocator), startTls, tasks, admission);
  }

  @Override
  protected SslHandler newHandler(
      ByteBufAllocator allocator, String host, int port, boolean startTls) {
    return newHandler(allocator, host, port, startTls, Runnable::run);
  }

  /// The one that Vert.x uses.
  @Override
  protected SslHandler newHandler(
      ByteBufAllocator allocator, String host, int port, boolean startTls, Executor tasks) {
    return new AdmittedHandler(newEngine(allocator, host, port), startTls, tasks, admission);
  }

  private static final class AdmittedHandler extends SslHandler {
    private final Admission admission;

    AdmittedHandler(SSLEngine engine, boolean startTls, Executor tasks, Admission admission) {
      super(engine, startTls, tasks);
      this.admission = admission;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
      super.handlerAdded(ctx);
      if (!admission.admit(ctx.channel(), true)) {
        // No word of goodbye: there is nobody to say it to yet.
        ctx.channel().unsafe().closeForcibly();
      }
    }
  }

  @Override
  public boolean isClient() {
    return context.isClient();
  }

  @Override
  public List<String> cipherSuites() {
    return context.cipherSuites();
  }

  @Override
  @SuppressWarnings("deprecation") // Netty's own, and abstract.
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return context.applicationProtocolNegotiator();
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    return context.newEngine(allocator);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
    return context.newEngine(allocator, peerHost, peerPort);
  }

  @Override
  public SSLSessionContext sessionContext() {
    return context.sessionContext();
  }
}
