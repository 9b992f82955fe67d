package dev.berth.server.doctor;

import dev.berth.server.auth.LoginFile;
import dev.berth.server.reload.UnusableFile;
import java.io.IOException;
import java.nio.file.Path;

/// A file of logins.
final class LoginsCheck {
  private static final String ADD = "berth user add ";

  private LoginsCheck() {}

  static void look(Path path, Findings findings) {
    try {
      LoginFile file = LoginFile.read(path);
      file.useless()
          .forEach(line -> findings.warn(path + ": " + line, ADD + path + " NAME gives one anew"));
      if (file.logins() == 0) {
        findings.fail(path + ": nobody can log in", ADD + path + " NAME");
      } else {
        findings.ok(path + ": " + file.logins() + " can log in");
      }
    } catch (UnusableFile e) {
      findings.fail(path + ": " + e.getMessage(), "correct the line; the server does not start");
    } catch (IOException e) {
      findings.fail(
          "auth.htpasswd.path cannot be read: " + Reason.of(e),
          "mount it (a Secret with defaultMode 0440 and the pod's fsGroup), or make it with "
              + ADD
              + path
              + " NAME");
    }
  }
}
