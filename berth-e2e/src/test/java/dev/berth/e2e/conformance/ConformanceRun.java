package dev.berth.e2e.conformance;

import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/// One run of the conformance program, as its own `junit.xml` and `results.yaml` report it.
///
/// @param disabled what was switched off, by the program's own names
/// @param failing the names of failed test cases with the program's words
record ConformanceRun(
    int tests, int failed, int skipped, List<String> disabled, List<String> failing) {

  /// Switched off by default in version 1.1, although a registry of 1.1 may have them.
  private static final Map<String, String> ALL_ON =
      Map.of(
          "OCI_API_BLOBS_UPLOAD_CANCEL", "true",
          "OCI_API_MANIFESTS_TAG_PARAM", "true",
          "OCI_API_BLOBS_DIGEST_HEADER", "true",
          "OCI_API_MANIFESTS_DIGEST_HEADER", "true");

  /// With everything on that a registry can have, save manifests whose references are missing.
  static ConformanceRun everything(RunningRegistry registry, String version, Path results) {
    return run(registry, version, results, ALL_ON);
  }

  /// With everything on, manifests whose references are missing among them.
  static ConformanceRun everythingAndSparse(
      RunningRegistry registry, String version, Path results) {
    var switches = new HashMap<>(ALL_ON);
    switches.put("OCI_DATA_SPARSE", "true");
    return run(registry, version, results, switches);
  }

  /// With the program's own defaults, for comparison with other registries.
  static ConformanceRun defaults(RunningRegistry registry, String version, Path results) {
    return run(registry, version, results, Map.of());
  }

  private static ConformanceRun run(
      RunningRegistry registry, String version, Path results, Map<String, String> switches) {
    Program program =
        Program.of(Tools.get("conformance"))
            .in(results)
            .with("OCI_REGISTRY", registry.host())
            .with("OCI_TLS", "disabled")
            .with("OCI_VERSION", version)
            .with("OCI_RESULTS_DIR", results);
    switches.forEach(program::with);
    Program.Outcome outcome = program.outcome();
    if (!Files.exists(results.resolve("junit.xml"))) {
      throw new AssertionError("no result: " + outcome);
    }
    ConformanceRun run = read(results);
    System.out.printf(
        "conformance %s: %d tests, %d failed, %d skipped, off: %s%n",
        version, run.tests, run.failed, run.skipped, run.disabled);
    return run;
  }

  private static ConformanceRun read(Path results) {
    try {
      Element suites =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(results.resolve("junit.xml").toFile())
              .getDocumentElement();
      return new ConformanceRun(
          count(suites, "tests"),
          count(suites, "failures"),
          count(suites, "skipped"),
          disabled(results.resolve("results.yaml")),
          failing(suites));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ParserConfigurationException | SAXException e) {
      throw new IllegalStateException("the conformance program wrote no XML", e);
    }
  }

  /// The program leaves an attribute out when it is 0.
  private static int count(Element suites, String attribute) {
    String value = suites.getAttribute(attribute);
    return value.isEmpty() ? 0 : Integer.parseInt(value);
  }

  private static List<String> disabled(Path yaml) throws IOException {
    return Files.readAllLines(yaml).stream()
        .filter(line -> line.endsWith(": Disabled"))
        .map(line -> line.strip().replace(": Disabled", ""))
        .toList();
  }

  private static List<String> failing(Element suites) {
    var failing = new ArrayList<String>();
    var cases = suites.getElementsByTagName("testcase");
    for (int i = 0; i < cases.getLength(); i++) {
      if (cases.item(i) instanceof Element test
          && !List.of("passed", "disabled").contains(test.getAttribute("status"))) {
        failing.add(
            "%s %s: %s"
                .formatted(test.getAttribute("status"), test.getAttribute("name"), why(test)));
      }
    }
    return failing;
  }

  private static String why(Element test) {
    var messages = test.getElementsByTagName("system-out");
    return messages.getLength() == 0 ? "" : messages.item(0).getTextContent().strip();
  }
}
