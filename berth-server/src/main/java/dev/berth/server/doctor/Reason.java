package dev.berth.server.doctor;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// Failures in a few words.
final class Reason {
  private Reason() {}

  static String of(Exception failure) {
    return switch (failure) {
      case AccessDeniedException e -> e.getFile() + ": permission denied";
      case NoSuchFileException e -> e.getFile() + ": no such file";
      case FileSystemException e when e.getReason() != null -> e.getFile() + ": " + e.getReason();
      case UnknownHostException e -> e.getMessage() + ": no such name";
      case SocketTimeoutException _ -> "no answer in time";
      case NoRouteToHostException _ -> "no route to it";
      case ConnectException e ->
          String.valueOf(e.getMessage()).contains("refused")
              ? "connection refused"
              : String.valueOf(e.getMessage());
      default ->
          failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    };
  }
}
