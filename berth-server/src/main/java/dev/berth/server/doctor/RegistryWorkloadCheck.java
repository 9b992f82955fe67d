package dev.berth.server.doctor;

import dev.berth.server.doctor.Cluster.Service;
import dev.berth.server.doctor.Workload.Container;
import dev.berth.server.doctor.Workload.Mount;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// One workload that runs a registry.
final class RegistryWorkloadCheck {
  private static final String ROOT = "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY";
  private static final String DEFAULT_ROOT = "/var/lib/registry";

  private final Workload registry;
  private final Map<String, List<String>> accessModes;
  private final Map<String, String> rootDirectories;
  private final List<Service> services;

  /// @param accessModes of claims, by `namespace/name`
  /// @param rootDirectories that ConfigMaps say, by `namespace/name`
  RegistryWorkloadCheck(
      Workload registry,
      Map<String, List<String>> accessModes,
      Map<String, String> rootDirectories,
      List<Service> services) {
    this.registry = registry;
    this.accessModes = accessModes;
    this.rootDirectories = rootDirectories;
    this.services = services;
  }

  void look(Findings findings) {
    for (Container container : registry.containers()) {
      if (container.isRegistry()) {
        findings.ok(
            registry.place()
                + " runs "
                + container.image()
                + ", replicas: "
                + registry.replicas()
                + ", claims: "
                + (registry.claims().isEmpty() ? "none" : String.join(", ", registry.claims())));
        root(container, findings);
        probes(container, findings);
        image(container, findings);
      }
    }
    claims(findings);
    links(findings);
  }

  private void root(Container container, Findings findings) {
    boolean elsewhere =
        container.object().at("env").items().stream()
            .map(each -> each.at("name").text())
            .anyMatch(name -> name.matches("REGISTRY_STORAGE_(S3|AZURE|GCS|SWIFT|OSS|INMEMORY).*"));
    if (elsewhere) {
      return;
    }
    List<Mount> files =
        container.mounts().stream()
            .filter(mount -> mount.path().matches("/etc/(docker/registry|distribution|berth).*"))
            .toList();
    String configured =
        container.variable(ROOT).isEmpty() ? inFile(files) : container.variable(ROOT);
    String root = configured.isEmpty() ? DEFAULT_ROOT : configured;
    Optional<Mount> holds =
        container.mounts().stream()
            .filter(mount -> Path.of(root).startsWith(Path.of(mount.path())))
            .reduce((one, other) -> one.path().length() > other.path().length() ? one : other);
    if (holds.isPresent()) {
      if (registry.isEmptyDir(holds.get())) {
        findings.warn(
            registry.place() + " keeps images in an emptyDir: they are gone with the pod",
            "mount a PersistentVolumeClaim at " + root);
      }
      return;
    }
    String what =
        registry.place()
            + " writes images to "
            + root
            + (configured.isEmpty() ? " (the default)" : "")
            + ", where no volume is mounted"
            + mounted(container);
    if (configured.isEmpty() && !files.isEmpty()) {
      findings.warn(
          what + "; unless its config.yml names another directory",
          "mount the volume at the rootdirectory of config.yml; give configmaps too, and it is read");
    } else {
      findings.fail(
          what + ": images are lost with the pod", "set mountPath: " + root + ", or " + ROOT);
    }
  }

  /// Empty where no ConfigMap is given that says it.
  private String inFile(List<Mount> files) {
    return files.stream()
        .flatMap(mount -> registry.configMap(mount).stream())
        .flatMap(name -> Stream.ofNullable(rootDirectories.get(registry.namespace() + "/" + name)))
        .findFirst()
        .orElse("");
  }

  private static String mounted(Container container) {
    List<String> paths = container.mounts().stream().map(Mount::path).toList();
    return paths.isEmpty() ? "" : " (mounted are " + String.join(", ", paths) + ")";
  }

  private void probes(Container container, Findings findings) {
    if (container.has("readinessProbe") && !container.has("livenessProbe")) {
      findings.warn(
          registry.place() + " has a readinessProbe and no livenessProbe: one that hangs stays",
          "add a livenessProbe (Berth: /livez, registry 2.8.2: /)");
    } else if (!container.has("readinessProbe")) {
      findings.warn(
          registry.place() + " has no readinessProbe: it gets requests before it answers",
          "add one (Berth: /readyz, registry 2.8.2: /)");
    }
  }

  private void image(Container container, Findings findings) {
    if (container.mayKeepOldImage()) {
      findings.warn(
          registry.place()
              + " runs "
              + container.image()
              + " with imagePullPolicy IfNotPresent: nodes may run different versions of it",
          "name a version, or a digest");
    }
  }

  private void claims(Findings findings) {
    if (registry.replicas() > 1 && registry.hasVolumeEach()) {
      findings.fail(
          registry.place()
              + " gives each of "
              + registry.replicas()
              + " replicas a volume of its own: what is pushed to one is missing at the others",
          "use one ReadWriteMany claim for all of them, or one replica");
    }
    for (String claim : registry.claims()) {
      List<String> modes = accessModes.getOrDefault(registry.namespace() + "/" + claim, List.of());
      if (modes.isEmpty() || modes.contains("ReadWriteMany")) {
        continue;
      }
      String what = " the claim " + claim + ", which is " + String.join(", ", modes);
      if (registry.replicas() > 1) {
        findings.fail(
            registry.place()
                + " shares among "
                + registry.replicas()
                + " replicas"
                + what
                + ": those on other nodes do not start",
            "use a ReadWriteMany claim (NFS, CephFS), or one replica");
      } else if (registry.isDeployment() && !registry.replacesAtOnce()) {
        findings.note(
            registry.place()
                + " mounts"
                + what
                + ": an update hangs when the new pod comes to another node; strategy: Recreate"
                + " does not");
      }
    }
  }

  private void links(Findings findings) {
    List<String> names = Cluster.linked(services, registry.namespace()).toList();
    if (registry.linksServices() && !names.isEmpty()) {
      findings.warn(
          registry.place()
              + " gets REGISTRY_... variables of the Service "
              + String.join(", ", names)
              + ", which look like settings",
          "set enableServiceLinks: false in the pod's spec, or give the Service another name");
    }
  }
}
