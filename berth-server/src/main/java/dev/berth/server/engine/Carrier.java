package dev.berth.server.engine;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// What brings requests one at a time and takes their answers: a connection that speaks HTTP/1, or
/// one stream of HTTP/2. Every method but [#onLoop], [#onLoopAfter] and [#fetchFirst] is called on
/// its event loop.
interface Carrier {
  EngineState engine();

  Channel channel();

  /// Whether an answer given now must end the carrier: more of the request's body is to come than
  /// one would throw away, or the client waits to be asked for it and may or may not send it.
  boolean closesWith(BodyQueue body);

  /// The handler of a request is done with its body: what still comes is thrown away.
  void abandoned();

  /// The answer begins.
  void answering(EngineExchange exchange);

  /// An answer is handed to the socket, or can never be.
  void finished(EngineExchange exchange);

  /// Ends the carrier when the answer in progress, if there is one, is sent.
  void closeAfterAnswer();

  /// Ends the carrier without waiting for anybody.
  void abort(String why);

  /// On the handler's thread: has the kernel read the beginning of a file, where it serves.
  void fetchFirst(Content.File file);

  default EventLoop loop() {
    return channel().eventLoop();
  }

  /// Runs `task` on the event loop, from any thread. A loop that has ended with its engine runs
  /// nothing any more and has no connections left: then the caller runs it.
  default void onLoop(Runnable task) {
    try {
      loop().execute(task);
    } catch (RejectedExecutionException ended) {
      task.run();
    }
  }

  /// As [#onLoop], when this time has gone by; not at all where the loop ends before.
  // Nobody waits for the task.
  @SuppressWarnings("FutureReturnValueIgnored")
  default void onLoopAfter(Duration delay, Runnable task) {
    try {
      loop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException ended) {
      task.run();
    }
  }
}
