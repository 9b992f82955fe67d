package dev.berth.server.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;
import io.netty.handler.stream.ChunkedWriteHandler;

/// A file that is sent over TLS, chunk by chunk, as its [FileFeed] allows it.
final class FedChunks implements ChunkedInput<ByteBuf> {
  /// No chunk of Vert.x's is larger.
  private static final int CHUNK_BYTES = 64 << 10;

  private final FileFeed feed;
  private final ChunkedInput<ByteBuf> chunks;
  private final ChunkedWriteHandler writer;

  FedChunks(FileFeed feed, ChunkedInput<ByteBuf> chunks, ChunkedWriteHandler writer) {
    this.feed = feed;
    this.chunks = chunks;
    this.writer = writer;
  }

  @Override
  public boolean isEndOfInput() throws Exception {
    return chunks.isEndOfInput();
  }

  @Override
  public void close() throws Exception {
    chunks.close();
  }

  @Override
  @Deprecated
  @SuppressWarnings("InlineMeSuggester") // Netty's, not ours.
  public ByteBuf readChunk(ChannelHandlerContext ctx) throws Exception {
    return readChunk(ctx.alloc());
  }

  /// Null stops the writer until it is told to go on.
  @Override
  @SuppressWarnings("NullAway") // Netty's interface is not annotated; its writer expects null.
  public ByteBuf readChunk(ByteBufAllocator allocator) throws Exception {
    return feed.allows(chunks.progress() + CHUNK_BYTES, writer::resumeTransfer, () -> {})
        ? chunks.readChunk(allocator)
        : null;
  }

  @Override
  public long length() {
    return chunks.length();
  }

  @Override
  public long progress() {
    return chunks.progress();
  }
}
