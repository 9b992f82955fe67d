package dev.berth.server.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Looks at what `kubectl` printed of a cluster. Asks the cluster nothing.
public final class Cluster {
  /// How to get what is read here.
  private static final String KUBECTL =
      "give what this prints: kubectl get"
          + " deployments,statefulsets,daemonsets,cronjobs,services,pvc,configmaps -A -o json";

  /// Of the configuration of a registry.
  private static final Pattern ROOT_DIRECTORY =
      Pattern.compile("(?m)^[ \\t]*+rootdirectory:[ \\t]*+[\"']?([^\"'\\s#]+)");

  private final List<Workload> workloads = new ArrayList<>();
  private final List<Service> services = new ArrayList<>();
  private final Map<String, List<String>> accessModes = new HashMap<>();
  private final Map<String, String> rootDirectories = new HashMap<>();

  /// A Service.
  record Service(String namespace, String name) {}

  /// Reads it and tells what is wrong.
  ///
  /// @param name of the source, for messages
  public void examine(String name, InputStream json, Consumer<Finding> told) {
    var findings = new Findings("cluster");
    boolean read = false;
    try {
      read = JsonValue.objects(json, this::take);
      if (!read) {
        findings.fail(name + " holds no list of Kubernetes objects", KUBECTL);
      }
    } catch (IOException e) {
      findings.fail(name + " is no JSON: " + firstLine(e), KUBECTL);
    }
    if (read) {
      look(findings);
    }
    findings.all().forEach(told);
  }

  private static String firstLine(IOException e) {
    return Reason.of(e).lines().findFirst().orElse("");
  }

  private void take(JsonValue object) {
    String namespace = object.at("metadata", "namespace").text();
    String name = object.at("metadata", "name").text();
    switch (object.at("kind").text()) {
      case "Deployment", "StatefulSet", "DaemonSet", "CronJob" ->
          workloads.add(new Workload(object));
      case "Service" -> services.add(new Service(namespace, name));
      case "PersistentVolumeClaim" ->
          accessModes.put(
              namespace + "/" + name,
              object.at("spec", "accessModes").items().stream().map(JsonValue::text).toList());
      case "ConfigMap" -> {
        Matcher root = ROOT_DIRECTORY.matcher(object.at("data", "config.yml").text());
        if (root.find()) {
          rootDirectories.put(namespace + "/" + name, root.group(1));
        }
      }
      default -> {
        // Nothing is known of other kinds.
      }
    }
  }

  private void look(Findings findings) {
    List<Workload> registries =
        workloads.stream().filter(each -> !each.isCronJob() && each.isRegistry()).toList();
    if (registries.isEmpty()) {
      findings.note("no Deployment, StatefulSet or DaemonSet runs a registry");
    }
    for (Workload registry : registries) {
      new RegistryWorkloadCheck(registry, accessModes, rootDirectories, services).look(findings);
    }
    for (Workload job : workloads) {
      if (job.isCronJob()) {
        collector(job, registries, findings);
      } else {
        redis(job, registries, findings);
      }
    }
  }

  /// Registry 2.8.2's collector removes layers of a push that is under way.
  private static void collector(Workload job, List<Workload> registries, Findings findings) {
    boolean collects =
        job.containers().stream().anyMatch(each -> each.line().contains("garbage-collect"));
    List<Workload> beside =
        registries.stream().filter(each -> each.runs() && sharesStore(job, each)).toList();
    if (!collects || !(job.isRegistry() || beside.stream().anyMatch(each -> claims(job, each)))) {
      return;
    }
    String what = job.place() + " runs registry garbage-collect";
    String suspend =
        "kubectl -n "
            + job.namespace()
            + " patch cronjob "
            + job.name()
            + " -p '{\"spec\":{\"suspend\":true}}'";
    if (job.isSuspended()) {
      findings.ok(what + ", and is suspended");
    } else if (beside.isEmpty()) {
      findings.warn(
          what + ": it loses data where a registry that is written to uses the same store",
          suspend);
    } else {
      findings.fail(
          what
              + " beside a running registry ("
              + String.join(", ", beside.stream().map(Workload::place).toList())
              + "): it deletes layers of pushes that are under way",
          suspend);
    }
  }

  private static boolean claims(Workload job, Workload registry) {
    return job.namespace().equals(registry.namespace())
        && job.claims().stream().anyMatch(registry.claims()::contains);
  }

  /// By claims, where both have some; else whatever is in one namespace may.
  private static boolean sharesStore(Workload job, Workload registry) {
    return claims(job, registry)
        || (job.namespace().equals(registry.namespace())
            && (job.claims().isEmpty() || registry.claims().isEmpty()));
  }

  private static void redis(Workload workload, List<Workload> registries, Findings findings) {
    boolean near =
        registries.stream().anyMatch(each -> each.namespace().equals(workload.namespace()));
    for (Workload.Container container : workload.containers()) {
      if (near && container.isRedis() && !container.line().contains("maxmemory-policy")) {
        String file =
            container.mounts().isEmpty() ? "" : ", unless a file that is mounted has them";
        findings.warn(
            workload.place() + " runs Redis with no maxmemory-policy" + file,
            "give it args: [--maxmemory, 256mb, --maxmemory-policy, allkeys-lru], and look with"
                + " berth doctor CONFIG, which asks it");
      }
    }
  }

  /// Services whose variables begin as those of the registry do.
  static Stream<String> linked(List<Service> services, String namespace) {
    return services.stream()
        .filter(service -> service.namespace().equals(namespace))
        .map(Service::name)
        .filter(name -> name.equals("registry") || name.startsWith("registry-"));
  }
}
