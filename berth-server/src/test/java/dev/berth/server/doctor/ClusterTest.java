package dev.berth.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterTest {
  private static final String GOOD =
      """
      {"kind": "Deployment", "metadata": {"namespace": "ci", "name": "reg"}, "spec": {
        "replicas": 1, "strategy": {"type": "Recreate"}, "template": {"spec": {
        "containers": [{"name": "r", "image": "registry:2.8.2",
          "readinessProbe": {"httpGet": {}}, "livenessProbe": {"httpGet": {}},
          "volumeMounts": [{"name": "d", "mountPath": "/var/lib/registry"}]}],
        "volumes": [{"name": "d", "persistentVolumeClaim": {"claimName": "images"}}]}}}}
      """;
  private static final String COLLECTOR =
      """
      {"kind": "CronJob", "metadata": {"namespace": "ci", "name": "gc"}, "spec": {
        "jobTemplate": {"spec": {"template": {"spec": {
        "containers": [{"image": "example.com:5000/library/registry:2",
          "command": ["sh", "-c", "bin/registry garbage-collect /etc/config.yml"],
          "volumeMounts": [{"name": "x", "mountPath": "/data"}]}],
        "volumes": [{"name": "x", "persistentVolumeClaim": {"claimName": "images"}}]}}}}}}
      """;
  private static final String ONCE =
      """
      {"kind": "PersistentVolumeClaim", "metadata": {"namespace": "ci", "name": "images"},
       "spec": {"accessModes": ["ReadWriteOnce"]}}
      """;

  private static List<String> read(String json) {
    List<Finding> told = new ArrayList<>();
    new Cluster()
        .examine("it", new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), told::add);
    return Looking.lines(told);
  }

  private static List<String> bad(String... items) {
    return Looking.only(
        read("{\"kind\": \"List\", \"items\": [" + String.join(",", items) + "]}"),
        "WARN",
        "FAIL",
        "NOTE");
  }

  private static String replaced(String old, String by) {
    assertThat(GOOD).contains(old);
    return GOOD.replace(old, by);
  }

  @Test
  void aGoodOneIsGoodWhateverElseIsThere() {
    assertThat(bad(GOOD, ONCE, "{\"kind\": \"Secret\", \"data\": {}}", "{}", "7")).isEmpty();
    assertThat(Looking.only(read(GOOD), "WARN", "FAIL")).isEmpty();
  }

  @Test
  void aCollectorBesideARunningRegistryLosesData() {
    assertThat(bad(GOOD, COLLECTOR))
        .singleElement()
        .asString()
        .startsWith("FAIL CronJob ci/gc runs registry garbage-collect")
        .contains("Deployment ci/reg")
        .endsWith("kubectl -n ci patch cronjob gc -p '{\"spec\":{\"suspend\":true}}'");
  }

  @Test
  void oneThatIsSuspendedOrAloneOrOfAnotherStoreDoesNot() {
    String suspended = COLLECTOR.replace("\"jobTemplate\"", "\"suspend\": true, \"jobTemplate\"");
    String stopped = replaced("\"replicas\": 1", "\"replicas\": 0");
    String other = COLLECTOR.replace("images", "others");

    assertThat(bad(GOOD, suspended)).isEmpty();
    assertThat(Looking.only(bad(stopped, COLLECTOR), "FAIL")).isEmpty();
    assertThat(Looking.only(bad(GOOD, other), "FAIL")).isEmpty();
  }

  @Test
  void anImageOfAnotherNameCollectsToo() {
    String other = COLLECTOR.replace("example.com:5000/library/registry:2", "tools/cleaner:1");

    assertThat(bad(GOOD, other)).anyMatch(line -> line.startsWith("FAIL CronJob ci/gc"));
  }

  @Test
  void replicasOnAClaimOfOneNode() {
    assertThat(bad(replaced("\"replicas\": 1", "\"replicas\": 3"), ONCE))
        .anyMatch(line -> line.startsWith("FAIL ") && line.contains("ReadWriteOnce"));
    assertThat(bad(replaced("\"type\": \"Recreate\"", "\"type\": \"RollingUpdate\""), ONCE))
        .anyMatch(line -> line.startsWith("NOTE ") && line.contains("Recreate"));
  }

  @Test
  void aVolumeMountedElsewhere() {
    String elsewhere = replaced("\"/var/lib/registry\"", "\"/data\"");

    assertThat(bad(elsewhere))
        .anyMatch(line -> line.startsWith("FAIL ") && line.contains("(mounted are /data)"));
    assertThat(
            bad(
                elsewhere.replace(
                    "\"readinessProbe\"",
                    "\"env\": [{\"name\": \"REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY\","
                        + " \"value\": \"/data/registry\"}], \"readinessProbe\"")))
        .isEmpty();
    assertThat(
            bad(
                replaced(
                    "\"persistentVolumeClaim\": {\"claimName\": \"images\"}", "\"emptyDir\": {}")))
        .anyMatch(line -> line.startsWith("WARN ") && line.contains("emptyDir"));
  }

  @Test
  void theDirectoryThatTheConfigMapNames() {
    String elsewhere =
        replaced(
                "[{\"name\": \"d\", \"mountPath\": \"/var/lib/registry\"}]",
                "[{\"name\": \"d\", \"mountPath\": \"/data\"},"
                    + " {\"name\": \"c\", \"mountPath\": \"/etc/docker/registry\"}]")
            .replace(
                "\"volumes\": [",
                "\"volumes\": [{\"name\": \"c\", \"configMap\": {\"name\": \"f\"}},");
    String file =
        """
        {"kind": "ConfigMap", "metadata": {"namespace": "ci", "name": "f"},
         "data": {"config.yml": "storage:\\n  filesystem:\\n    rootdirectory: /data/r # here\\n"}}
        """;

    assertThat(bad(elsewhere, file)).isEmpty();
    assertThat(bad(elsewhere))
        .singleElement()
        .asString()
        .startsWith("WARN ")
        .endsWith("give configmaps too, and it is read");
    assertThat(bad(elsewhere, file.replace("/data/r", "/other")))
        .singleElement()
        .asString()
        .startsWith("FAIL ")
        .contains("/other, where no volume is mounted");
  }

  /// A regular expression of the usual kind takes minutes for it.
  @Test
  void aConfigMapOfEmptyLinesOrBlanks() {
    for (String text : List.of("\\n", " ", "\\t")) {
      String file =
          "{\"kind\": \"ConfigMap\", \"metadata\": {\"namespace\": \"ci\", \"name\": \"f\"},"
              + " \"data\": {\"config.yml\": \""
              + text.repeat(900_000)
              + "\"}}";
      assertThat(bad(GOOD, file)).isEmpty();
    }
  }

  @Test
  void probesTagsAndServiceLinks() {
    assertThat(bad(replaced("\"livenessProbe\": {\"httpGet\": {}},", "")))
        .anyMatch(line -> line.contains("no livenessProbe"));
    assertThat(
            bad(
                replaced(
                    "\"image\": \"registry:2.8.2\"",
                    "\"image\": \"berth:latest\", \"imagePullPolicy\": \"IfNotPresent\"")))
        .anyMatch(line -> line.contains("berth:latest with imagePullPolicy IfNotPresent"));
    String service =
        "{\"kind\": \"Service\", \"metadata\": {\"namespace\": \"ci\", \"name\": \"registry\"}}";
    assertThat(bad(GOOD, service)).anyMatch(line -> line.contains("enableServiceLinks: false"));
    assertThat(
            bad(
                replaced("\"containers\"", "\"enableServiceLinks\": false, \"containers\""),
                service))
        .isEmpty();
    assertThat(bad(GOOD, service.replace("\"ci\"", "\"other\""))).isEmpty();
  }

  @Test
  void aRedisThatEvictsNothing() {
    String redis =
        """
        {"kind": "StatefulSet", "metadata": {"namespace": "ci", "name": "r"}, "spec": {"template":
          {"spec": {"containers": [{"image": "redis:7", "args": ["--maxmemory", "1gb"]}]}}}}
        """;

    assertThat(bad(GOOD, redis)).anyMatch(line -> line.contains("no maxmemory-policy"));
    assertThat(
            bad(GOOD, redis.replace("\"1gb\"", "\"1gb\", \"--maxmemory-policy\", \"allkeys-lru\"")))
        .isEmpty();
  }

  @Test
  void whatIsNoJsonIsOneClearLine() {
    for (String text : List.of("", "no json", "{\"items\": [", "[]", "{}", "7")) {
      assertThat(read(text))
          .as(text)
          .singleElement()
          .asString()
          .startsWith("FAIL it ")
          .contains("kubectl get deployments");
    }
  }

  @Test
  void nestingHasAnEnd() {
    assertThat(read("{\"items\": " + "[".repeat(10_000)))
        .singleElement()
        .asString()
        .startsWith("FAIL it is no JSON");
  }
}
