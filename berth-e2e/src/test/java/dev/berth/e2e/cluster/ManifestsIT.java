package dev.berth.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.Tools;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every form of every example, as the API server reads it: no field that it does not know, nothing
/// that Pod Security `restricted` refuses, no name that leads nowhere, no selector that selects
/// nothing.
@OnCluster
final class ManifestsIT {
  private static final String NAMESPACE = "berth-e2e-manifests";

  /// What the user makes: by hand, or by cert-manager.
  private static final Set<String> BY_HAND = Set.of("Secret/registry-tls");

  private static final String CERTIFICATES = "certificates.cert-manager.io";

  @TempDir static Path work;
  private final Cluster cluster = Cluster.get();
  private final List<Path> forms = new ArrayList<>();

  @BeforeAll
  void findForms() throws IOException {
    for (String example : folders(Registries.repository().resolve("examples"), "base")) {
      Path copy = Files.createDirectories(work.resolve(example));
      Example made = Example.copy(copy, example, NAMESPACE, "none");
      folders(made.folder(), "kustomization.yaml")
          .forEach(form -> forms.add(made.folder().resolve(form)));
    }
    Path copy = Files.createDirectories(work.resolve("components"));
    forms.add(
        Example.copy(copy, "registry-with-redis", NAMESPACE, "none")
            .overlay(
                "base", "components: [../../components/registry-2.8.2, ../../components/metrics]"));
    cluster.removeNamespace(NAMESPACE);
    Path file =
        Files.writeString(
            work.resolve("namespace.yaml"),
            "{apiVersion: v1, kind: Namespace, metadata: {name: " + NAMESPACE + "}}");
    cluster.kubectl("apply", "-f", file.toString());
    cluster.kubectl("label", "ns", NAMESPACE, "pod-security.kubernetes.io/enforce=restricted");
  }

  @AfterAll
  void remove() {
    cluster.removeNamespace(NAMESPACE);
  }

  /// Names of folders that have something of that name in them.
  private static List<String> folders(Path folder, String what) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(child -> Files.exists(child.resolve(what)))
          .map(child -> child.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void eachExampleAndEachComponentIsAmongThem() throws IOException {
    assertThat(List.of("40daysofkubernetes", "clouddrove", "registry-with-redis"))
        .allSatisfy(
            example -> assertThat(forms).anyMatch(form -> form.endsWith(example + "/base")));
    var used = new StringBuilder("components/certificate"); // has its own test
    for (Path form : forms) {
      used.append(Files.readString(form.resolve("kustomization.yaml")));
    }
    assertThat(
            folders(Registries.repository().resolve("examples/components"), "kustomization.yaml"))
        .isNotEmpty()
        .allSatisfy(component -> assertThat(used).contains("components/" + component));
  }

  @Test
  void theApiServerKnowsEveryFieldAndPodSecurityAdmitsEveryPod() {
    for (Path form : forms) {
      var outcome = apply(form, rendered(form));

      // A pod that is not admitted is a warning where it stands in a Deployment.
      assertThat(outcome.exit()).as(form + "\n" + outcome).isZero();
      assertThat(outcome.err()).as(form.toString()).doesNotContain("Warning");
    }
  }

  private String rendered(Path form) {
    return cluster
        .kubectl("kustomize", form.toString())
        // Another test may have a volume of that name, and that port.
        .replace("registry-clouddrove", "tried-clouddrove")
        .replace("nodePort: 30500", "nodePort: 30599")
        .replaceAll("(?m)^(  )?( *)namespace: .*$", "$1$2namespace: " + NAMESPACE)
        .replaceAll(
            "(?m)^kind: Namespace\\n((?:.*\\n)*?)  name: .*$",
            "kind: Namespace\n$1  name: " + NAMESPACE);
  }

  /// By the schema of cert-manager; its controller is not asked.
  @Test
  void aManagedCertificateIsWhatCertManagerReads() throws IOException {
    Path copy = Files.createDirectories(work.resolve("managed"));
    Path form =
        Example.copy(copy, "clouddrove", NAMESPACE, "none")
            .overlay("production", "components: [../../components/certificate]");
    boolean installed = cluster.tryKubectl("get", "crd", CERTIFICATES).exit() == 0;
    String schema = Tools.prepared("cert-manager/cert-manager.io_certificates.yaml").toString();
    if (!installed) {
      cluster.kubectl("apply", "--server-side", "-f", schema);
      cluster.kubectl("wait", "crd/" + CERTIFICATES, "--for=condition=Established");
    }
    try {
      String yaml = rendered(form);
      var outcome = apply(form, yaml);
      assertThat(outcome.exit()).as(outcome.toString()).isZero();
      assertThat(outcome.out()).contains("certificate.cert-manager.io/registry created");

      assertThat(apply(form, yaml.replace("dnsNames", "dnsName")).err())
          .contains("unknown field \"spec.dnsName\"");
    } finally {
      if (!installed) {
        cluster.kubectl("delete", "-f", schema);
      }
    }
  }

  @Test
  void aFieldThatNobodyKnowsAndAPodThatMayTooMuchAreRefused() {
    Path form = forms.getFirst();
    String deployment =
        objects(form).stream()
            .filter(Deployment.class::isInstance)
            .map(Serialization::asYaml)
            .findFirst()
            .orElseThrow()
            .replaceAll("namespace: .*", "namespace: " + NAMESPACE);

    var typo = apply(form, deployment.replace("terminationGracePeriodSeconds", "terminationGrace"));
    var root = apply(form, deployment.replace("runAsNonRoot: true", "runAsNonRoot: false"));

    assertThat(typo.exit()).isOne();
    assertThat(typo.err()).contains("unknown field");
    assertThat(root.err()).contains("would violate PodSecurity \"restricted");
  }

  @Test
  void everyNameLeadsSomewhereAndEverySelectorSelects() {
    for (Path form : forms) {
      var objects = objects(form);
      Set<String> there =
          objects.stream()
              .map(object -> object.getKind() + "/" + object.getMetadata().getName())
              .collect(Collectors.toCollection(TreeSet::new));
      there.addAll(BY_HAND);
      List<PodTemplateSpec> templates = objects.stream().flatMap(ManifestsIT::template).toList();
      assertThat(templates).as(form.toString()).isNotEmpty();
      for (PodTemplateSpec template : templates) {
        assertThat(there).as(form.toString()).containsAll(references(template.getSpec()));
      }
      for (Map<String, String> selector : selectors(objects)) {
        assertThat(templates)
            .as(form + " " + selector)
            .anyMatch(
                template ->
                    template.getMetadata().getLabels().entrySet().containsAll(selector.entrySet()));
      }
    }
  }

  private static List<Map<String, String>> selectors(List<HasMetadata> objects) {
    List<Map<String, String>> found = new ArrayList<>();
    for (HasMetadata object : objects) {
      switch (object) {
        case Service service -> {
          var selector = new TreeMap<>(service.getSpec().getSelector());
          selector.remove("statefulset.kubernetes.io/pod-name"); // the controller sets it
          found.add(selector);
        }
        case Deployment deployment ->
            found.add(deployment.getSpec().getSelector().getMatchLabels());
        case StatefulSet set -> found.add(set.getSpec().getSelector().getMatchLabels());
        case PodDisruptionBudget budget ->
            found.add(budget.getSpec().getSelector().getMatchLabels());
        case NetworkPolicy policy -> found.add(policy.getSpec().getPodSelector().getMatchLabels());
        default -> {
          // Selects nothing.
        }
      }
    }
    return found;
  }

  private static Stream<PodTemplateSpec> template(HasMetadata object) {
    return switch (object) {
      case Deployment deployment -> Stream.of(deployment.getSpec().getTemplate());
      case StatefulSet set -> Stream.of(set.getSpec().getTemplate());
      default -> Stream.empty();
    };
  }

  private static List<String> references(PodSpec pod) {
    List<String> found = new ArrayList<>();
    for (Volume volume : pod.getVolumes()) {
      if (volume.getConfigMap() != null) {
        found.add("ConfigMap/" + volume.getConfigMap().getName());
      } else if (volume.getSecret() != null) {
        found.add("Secret/" + volume.getSecret().getSecretName());
      } else if (volume.getPersistentVolumeClaim() != null) {
        found.add("PersistentVolumeClaim/" + volume.getPersistentVolumeClaim().getClaimName());
      }
    }
    pod.getContainers()
        .forEach(
            container -> {
              container.getEnv().stream()
                  .filter(one -> one.getValueFrom() != null)
                  .filter(one -> one.getValueFrom().getSecretKeyRef() != null)
                  .forEach(
                      one -> found.add("Secret/" + one.getValueFrom().getSecretKeyRef().getName()));
              container.getEnvFrom().stream()
                  .filter(one -> one.getConfigMapRef() != null)
                  .forEach(one -> found.add("ConfigMap/" + one.getConfigMapRef().getName()));
            });
    return found;
  }

  private List<HasMetadata> objects(Path form) {
    String yaml = cluster.kubectl("kustomize", form.toString());
    return cluster
        .client()
        .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
        .items();
  }

  private Program.Outcome apply(Path form, String yaml) {
    try {
      Path file = work.resolve(form.getFileName() + ".yaml");
      Files.writeString(file, yaml);
      return cluster.tryKubectl(
          "apply", "--dry-run=server", "--validate=strict", "-f", file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
