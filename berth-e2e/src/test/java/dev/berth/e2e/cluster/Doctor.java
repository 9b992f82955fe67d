package dev.berth.e2e.cluster;

import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// `berth doctor`, asked about an example that was applied.
final class Doctor {
  static final String NOTHING_WRONG = " 0 warnings, 0 failed, 0 skipped\n";

  private Doctor() {}

  /// What it says of the manifests of a namespace, as the cluster has them.
  static Program.Outcome ofManifests(Cluster cluster, Path work, String namespace) {
    try {
      String kinds = "deployments,statefulsets,daemonsets,cronjobs,services,pvc,configmaps";
      Path file = work.resolve(namespace + ".json");
      Files.writeString(file, cluster.kubectl("-n", namespace, "get", kinds, "-o", "json"));
      return Program.of(Registries.berth(), "doctor", "--cluster", file).outcome();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What it says from outside, with the login of the example.
  ///
  /// @param hosts names and addresses that the DNS of this machine does not know, as lines of
  ///   `/etc/hosts`
  static Program.Outcome fromOutside(
      Path work, Example example, String url, String hosts, Object... options) {
    try {
      Path names = Files.writeString(work.resolve("doctor-hosts"), hosts);
      var line = new ArrayList<Object>();
      line.addAll(List.of(Registries.berth(), "doctor", "--url", url, "--user", example.user()));
      Collections.addAll(line, options);
      return Program.of(line.toArray())
          .with("BERTH_JAVA_OPTS", "-Djdk.net.hosts.file=" + names)
          .told(example.password() + "\n")
          .outcome();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
