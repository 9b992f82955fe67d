package dev.berth.server.doctor;

import dev.berth.config.DataSize;
import dev.berth.server.doctor.WebAnswer.Sending;
import dev.berth.server.doctor.WebClient.CutException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Begins an upload, sends bodies to it and takes it back: what a push does, but for the blob at
/// its end.
final class PushTrial {
  /// Nothing is ever stored in it.
  static final String REPOSITORY = "berth-doctor/probe";

  private static final long SMALL = 2L << 20;
  private static final long MEBI = 1L << 20;
  private static final Duration A_SECOND = Duration.ofSeconds(1);

  /// A server may still hold the upload for a request that was cut.
  private static final int CANCELS = 5;

  private static final Duration BETWEEN_CANCELS = Duration.ofMillis(300);
  private static final long SLOW_BYTES_A_SECOND = 1L << 20;
  private static final String LIMITS =
      "ingress-nginx: annotation nginx.ingress.kubernetes.io/proxy-body-size: \"0\"; nginx:"
          + " client_max_body_size 0; Traefik: no buffering middleware with maxRequestBodyBytes";

  private final Session session;
  private final Target target;

  /// Where the upload goes on; null where there is none.
  private volatile @Nullable String upload;

  PushTrial(Session session, Target target) {
    this.session = session;
    this.target = target;
  }

  void run(Bounded bounded) {
    bounded.run("push", "beginning an upload", this::begin);
    if (upload == null) {
      return;
    }
    bounded.run(
        "push",
        "a small body",
        findings -> send(Math.min(SMALL, target.largest()), false, findings));
    if (target.largest() > SMALL) {
      bounded.run("push", "a large body", findings -> send(target.largest(), true, findings));
    }
    bounded.run("push", "taking the upload back", this::cancel);
  }

  private void begin(Findings findings) throws IOException {
    WebAnswer answer =
        session.send(WebRequest.of("POST", session.path(REPOSITORY + "/blobs/uploads/")));
    if (answer.isForbidden()) {
      findings.skip(
          "pushing to "
              + REPOSITORY
              + " is not allowed ("
              + answer.status()
              + "): give --user with a login that may push there, or see"
              + " storage.maintenance.readonly");
      return;
    }
    Optional<String> location = answer.field("Location");
    if (!answer.isAccepted() || location.isEmpty()) {
      findings.fail(
          "an upload begins with 202 and a Location, but the answer is " + answer.status(),
          answer.isNoRoom()
              ? "make room on the store"
              : "see the log of the registry, and whether the proxy lets POST through");
      return;
    }
    upload = new LocationCheck(target).judge(location.get(), findings).orElse(null);
    if (upload == null) {
      findings.skip("bodies: there is no upload to send them to");
    }
  }

  private void send(long bytes, boolean chunked, Findings findings) throws IOException {
    String path = upload;
    if (path == null) {
      findings.skip("a body of " + new DataSize(bytes) + ": the one before was refused");
      return;
    }
    String what = "a body of " + new DataSize(bytes);
    try {
      WebAnswer answer = session.send(WebRequest.of("PATCH", path).withZeros(bytes, chunked));
      judge(answer, what, bytes, findings);
    } catch (CutException e) {
      findings.fail(
          what + " was cut after " + e.sent() + " bytes without an answer",
          "see the body limit and the timeouts of the proxy: " + LIMITS);
    } catch (SocketTimeoutException e) {
      findings.fail(
          what + " got no answer in time",
          "see whether the store is slow, and whether the proxy keeps bodies before it passes them"
              + " on (proxy_request_buffering off)");
    }
  }

  private void judge(WebAnswer answer, String what, long bytes, Findings findings) {
    if (answer.isAccepted()) {
      answer
          .field("Location")
          .flatMap(told -> new LocationCheck(target).judge(told, new Findings("push")))
          .ifPresent(next -> upload = next);
      passed(answer, what, bytes, findings);
    } else if (answer.isTooLarge()) {
      findings.fail(
          what + " is refused with " + answer.status() + ": a proxy limits bodies", LIMITS);
    } else if (answer.wantsLength()) {
      findings.fail(
          what + " without Content-Length is refused with " + answer.status(),
          "have the proxy take chunked requests: Docker pushes so");
    } else if (answer.isNoRoom()) {
      findings.warn(what + " finds no room on the store", "make the volume larger");
    } else if (answer.isOfGateway()) {
      findings.fail(
          what + " is answered " + answer.status() + " by the proxy",
          "raise its timeouts (nginx.ingress.kubernetes.io/proxy-read-timeout: \"900\" and"
              + " proxy-send-timeout), and see the log of the registry");
    } else {
      findings.fail(
          what + " is answered " + answer.status(), "see the log of the registry and of the proxy");
    }
  }

  private static void passed(WebAnswer answer, String what, long bytes, Findings findings) {
    Sending sending = answer.sending();
    Duration all = sending.took().plus(sending.waited());
    long perSecond = sending.bytes() * A_SECOND.toMillis() / Math.max(1, all.toMillis());
    String speed = " in " + all.toMillis() + " ms (" + perSecond / MEBI + " MiB/s)";
    if (sending.bytes() < bytes) {
      findings.warn(
          what + ": only " + new DataSize(sending.bytes()) + " went through" + speed,
          "the line is slow: more was not tried; give a smaller --largest, or try from nearer");
    } else if (perSecond < SLOW_BYTES_A_SECOND) {
      findings.warn(what + " goes through slowly" + speed, "see the network and the disk");
    } else {
      findings.ok(what + " goes through" + speed);
    }
    boolean late = sending.waited().compareTo(sending.took()) > 0;
    if (late && sending.waited().compareTo(A_SECOND) > 0) {
      findings.note(
          "the answer took "
              + sending.waited().toMillis()
              + " ms after the last byte: a proxy may keep the body before it passes it on"
              + " (nginx: proxy_request_buffering off), or the disk is slow");
    }
  }

  private void cancel(Findings findings) throws IOException {
    String path = upload;
    if (path == null) {
      return;
    }
    for (int i = 0; i < CANCELS; i++) {
      WebAnswer answer = session.send(WebRequest.of("DELETE", path));
      if (session.send(WebRequest.of("GET", path)).isNotFound()) {
        findings.ok("the upload is taken back");
        return;
      }
      if (answer.isForbidden()) {
        break;
      }
      LockSupport.parkNanos(BETWEEN_CANCELS.toNanos());
    }
    findings.warn(
        "the upload could not be taken back: " + path,
        "have the proxy let DELETE through; storage.maintenance.uploadpurging removes what is left"
            + " behind");
  }
}
