package dev.berth.server.doctor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// A Deployment, StatefulSet, DaemonSet or CronJob, as far as it matters to a registry.
final class Workload {
  /// By their last name, without tag and digest.
  private static final Set<String> REGISTRIES = Set.of("berth", "registry", "docker-registry");

  private final JsonValue object;
  private final JsonValue pod;
  private final List<Container> containers = new ArrayList<>();

  /// What a volume is, by its name in the pod.
  private final Map<String, String> claims = new HashMap<>();

  private final Map<String, String> configMaps = new HashMap<>();
  private final Set<String> emptyDirs = new TreeSet<>();

  /// @param object as Kubernetes has it
  Workload(JsonValue object) {
    this.object = object;
    this.pod =
        (isCronJob() ? object.at("spec", "jobTemplate", "spec") : object.at("spec"))
            .at("template", "spec");
    Stream.concat(pod.at("initContainers").items().stream(), pod.at("containers").items().stream())
        .forEach(each -> containers.add(new Container(each)));
    for (JsonValue volume : pod.at("volumes").items()) {
      String name = volume.at("name").text();
      if (volume.at("persistentVolumeClaim").isThere()) {
        claims.put(name, volume.at("persistentVolumeClaim", "claimName").text());
      } else if (volume.at("configMap").isThere()) {
        configMaps.put(name, volume.at("configMap", "name").text());
      } else if (volume.at("emptyDir").isThere()) {
        emptyDirs.add(name);
      }
    }
  }

  String namespace() {
    return object.at("metadata", "namespace").text();
  }

  String name() {
    return object.at("metadata", "name").text();
  }

  String place() {
    return object.at("kind").text() + " " + namespace() + "/" + name();
  }

  boolean isCronJob() {
    return object.at("kind").text().equals("CronJob");
  }

  boolean isDeployment() {
    return object.at("kind").text().equals("Deployment");
  }

  boolean isRegistry() {
    return containers.stream().anyMatch(Container::isRegistry);
  }

  boolean isSuspended() {
    return object.at("spec", "suspend").is(true);
  }

  long replicas() {
    return object.at("spec", "replicas").number(1);
  }

  boolean runs() {
    return replicas() > 0;
  }

  /// Whether each replica gets a volume of its own.
  boolean hasVolumeEach() {
    return !object.at("spec", "volumeClaimTemplates").items().isEmpty();
  }

  boolean replacesAtOnce() {
    return object.at("spec", "strategy", "type").text().equals("Recreate");
  }

  boolean linksServices() {
    return !pod.at("enableServiceLinks").is(false);
  }

  List<Container> containers() {
    return List.copyOf(containers);
  }

  /// Names of claims that a container mounts.
  List<String> claims() {
    return containers.stream()
        .flatMap(each -> each.mounts().stream())
        .map(Mount::volume)
        .flatMap(volume -> Stream.ofNullable(claims.get(volume)))
        .distinct()
        .toList();
  }

  /// The name of the ConfigMap that lies there, or nothing.
  Optional<String> configMap(Mount mount) {
    return Optional.ofNullable(configMaps.get(mount.volume()));
  }

  boolean isEmptyDir(Mount mount) {
    return emptyDirs.contains(mount.volume());
  }

  /// @param volume its name in the pod
  record Mount(String volume, String path) {}

  /// One container.
  record Container(JsonValue object) {
    String image() {
      return object.at("image").text();
    }

    /// `registry`, of `example.com/library/registry:2.8.2@sha256:…`.
    String program() {
      String name = image().replaceFirst("@.*", "");
      String last = name.substring(name.lastIndexOf('/') + 1);
      return last.replaceFirst(":.*", "").toLowerCase(Locale.ROOT);
    }

    /// Empty where none is given.
    String tag() {
      String name = image().replaceFirst("@.*", "");
      int colon = name.lastIndexOf(':');
      return colon > name.lastIndexOf('/') ? name.substring(colon + 1) : "";
    }

    boolean isRegistry() {
      return REGISTRIES.contains(program());
    }

    boolean isRedis() {
      return program().equals("redis") || program().equals("valkey");
    }

    /// Command and arguments, joined by blanks.
    String line() {
      return String.join(
          " ",
          Stream.of("command", "args")
              .flatMap(part -> object.at(part).items().stream())
              .map(JsonValue::text)
              .toList());
    }

    /// Empty where it is not set, or not here.
    String variable(String name) {
      return object.at("env").items().stream()
          .filter(each -> each.at("name").text().equals(name))
          .map(each -> each.at("value").text())
          .reduce("", (_, last) -> last);
    }

    List<Mount> mounts() {
      return object.at("volumeMounts").items().stream()
          .map(each -> new Mount(each.at("name").text(), each.at("mountPath").text()))
          .toList();
    }

    boolean has(String probe) {
      return object.at(probe).isThere();
    }

    boolean mayKeepOldImage() {
      boolean latest = tag().isEmpty() || tag().equals("latest");
      return latest
          && !image().contains("@")
          && object.at("imagePullPolicy").text().equals("IfNotPresent");
    }
  }
}
