package dev.berth.server.tracing;

import dev.berth.config.Secret;
import dev.berth.server.tracing.TraceSettings.Sampling;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the variables of the OpenTelemetry specification that distribution 3 takes. An empty one
/// is an unset one. One that cannot be used leaves traces off, and is told of: never by its value,
/// where that may hold a secret.
public final class TraceVariables {
  private static final String EXPORTER = "OTEL_TRACES_EXPORTER";
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
  private static final String RESOURCE = "OTEL_RESOURCE_ATTRIBUTES";
  private static final String SAMPLER = "OTEL_TRACES_SAMPLER";
  private static final String RATIO = "OTEL_TRACES_SAMPLER_ARG";
  private static final String DELAY = "OTEL_BSP_SCHEDULE_DELAY";
  private static final String SERVICE = "service.name";

  /// The defaults of the specification.
  private static final String DEFAULT_ENDPOINT = "http://localhost:4318";

  private static final int DEFAULT_TIMEOUT_MILLIS = 10_000;
  private static final int DEFAULT_DELAY_MILLIS = 5000;

  /// Beyond this a number is a mistake.
  private static final int MOST_MILLIS = 600_000;

  /// Of a value that is shown in a message.
  private static final int MOST_SHOWN = 40;

  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();

  private TraceVariables(Map<String, String> environment) {
    this.environment = environment;
  }

  /// What the variables say.
  ///
  /// @param settings empty where traces are off
  /// @param problems a sentence for each variable that cannot be used
  public record Reading(Optional<TraceSettings> settings, List<String> problems) {}

  /// Reads all of them.
  public static Reading read(Map<String, String> environment) {
    var variables = new TraceVariables(environment);
    Optional<TraceSettings> settings =
        variables.isOn() ? Optional.of(variables.settings()) : Optional.empty();
    List<String> problems = List.copyOf(variables.problems);
    return new Reading(problems.isEmpty() ? settings : Optional.empty(), problems);
  }

  private String value(String name) {
    return environment.getOrDefault(name, "").strip();
  }

  /// The variable for traces, else that for all signals.
  private String nameOf(String suffix) {
    String own = "OTEL_EXPORTER_OTLP_TRACES_" + suffix;
    return value(own).isEmpty() ? "OTEL_EXPORTER_OTLP_" + suffix : own;
  }

  private boolean isOn() {
    String exporter = value(EXPORTER);
    boolean on = exporter.equals("otlp");
    if (!on && !exporter.isEmpty() && !exporter.equals("none")) {
      problem(EXPORTER, "is " + shown(exporter) + "; known are otlp and none");
    }
    return on && !value("OTEL_SDK_DISABLED").equalsIgnoreCase("true");
  }

  private TraceSettings settings() {
    checkProtocol();
    return new TraceSettings(
        endpoint(),
        headers(),
        resource(),
        sampling(),
        certificates(),
        millis(nameOf("TIMEOUT"), DEFAULT_TIMEOUT_MILLIS),
        millis(DELAY, DEFAULT_DELAY_MILLIS));
  }

  private void checkProtocol() {
    String name = nameOf("PROTOCOL");
    String protocol = value(name);
    if (protocol.equals("grpc")) {
      problem(
          name,
          "is grpc, which is not spoken here; set it to http/protobuf, and the endpoint to the"
              + " collector's port for that, mostly 4318");
    } else if (!protocol.isEmpty() && !protocol.equals("http/protobuf")) {
      problem(name, "is " + shown(protocol) + "; known is http/protobuf");
    }
  }

  private URI endpoint() {
    boolean exact = !value(TRACES_ENDPOINT).isEmpty();
    String name = exact ? TRACES_ENDPOINT : ENDPOINT;
    String text = value(name).isEmpty() ? DEFAULT_ENDPOINT : value(name);
    try {
      var uri = new URI(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (uri.getUserInfo() != null) {
        problem(name, "holds a login; give it by OTEL_EXPORTER_OTLP_HEADERS");
      } else if (!web || uri.getHost() == null) {
        problem(name, "is no URL that begins with http:// or https:// and names a host");
      }
      return exact ? uri : new URI(text + (text.endsWith("/") ? "" : "/") + "v1/traces");
    } catch (URISyntaxException e) {
      problem(name, "is no URL");
      return URI.create(DEFAULT_ENDPOINT);
    }
  }

  private Map<String, Secret> headers() {
    String name = nameOf("HEADERS");
    Map<String, Secret> fields = new LinkedHashMap<>();
    pairs(name)
        .forEach(
            (field, value) -> {
              if (FieldText.isName(field) && FieldText.isValue(value)) {
                fields.put(field, new Secret(value));
              } else {
                problem(name, "holds what no header field may be, or one that is not yours to set");
              }
            });
    return fields;
  }

  private Map<String, String> resource() {
    Map<String, String> resource = pairs(RESOURCE);
    resource.putIfAbsent(SERVICE, "berth");
    String service = value("OTEL_SERVICE_NAME");
    if (!service.isEmpty()) {
      resource.put(SERVICE, service);
    }
    return resource;
  }

  /// `name=value,name=value`, with `%` where a sign means something else.
  private Map<String, String> pairs(String name) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : value(name).split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        String key = pair.substring(0, equals).strip();
        FieldText.decode(pair.substring(equals + 1).strip())
            .ifPresentOrElse(
                value -> pairs.put(key, value),
                () -> problem(name, "has a % without two hexadecimal digits after it"));
      } else if (!pair.isBlank()) {
        problem(name, "is no list of name=value, with commas between them");
      }
    }
    return pairs;
  }

  private Sampling sampling() {
    String sampler = value(SAMPLER);
    return switch (sampler) {
      case "", "parentbased_always_on" -> new Sampling(true, 1);
      case "parentbased_always_off" -> new Sampling(true, 0);
      case "parentbased_traceidratio" -> new Sampling(true, ratio());
      case "always_on" -> new Sampling(false, 1);
      case "always_off" -> new Sampling(false, 0);
      case "traceidratio" -> new Sampling(false, ratio());
      default -> {
        problem(
            SAMPLER,
            "is "
                + shown(sampler)
                + "; known are always_on, always_off and traceidratio, each also with parentbased_"
                + " before it");
        yield new Sampling(true, 1);
      }
    };
  }

  private double ratio() {
    String text = value(RATIO);
    try {
      double ratio = text.isEmpty() ? 1 : Double.parseDouble(text);
      if (ratio >= 0 && ratio <= 1) {
        return ratio;
      }
    } catch (NumberFormatException e) {
      // As any other text that is no such number.
    }
    problem(RATIO, "is " + shown(text) + ", which is no number from 0 to 1");
    return 1;
  }

  private byte[] certificates() {
    String name = nameOf("CERTIFICATE");
    String file = value(name);
    if (file.isEmpty()) {
      return new byte[0];
    }
    try {
      byte[] pem = Files.readAllBytes(Path.of(file));
      boolean some =
          !CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))
              .isEmpty();
      if (some) {
        return pem;
      }
    } catch (IOException | InvalidPathException | CertificateException e) {
      // Told below, whatever it was.
    }
    problem(name, "names no readable file of certificates in PEM");
    return new byte[0];
  }

  private Duration millis(String name, int otherwise) {
    String text = value(name);
    try {
      int millis = text.isEmpty() ? otherwise : Integer.parseInt(text);
      if (millis > 0 && millis <= MOST_MILLIS) {
        return Duration.ofMillis(millis);
      }
    } catch (NumberFormatException e) {
      // As any other text that is no such number.
    }
    problem(name, "is " + shown(text) + "; it is a number of milliseconds, 1 to " + MOST_MILLIS);
    return Duration.ofMillis(otherwise);
  }

  private void problem(String name, String what) {
    problems.add(name + " " + what);
  }

  private static String shown(String value) {
    return "'" + (value.length() > MOST_SHOWN ? value.substring(0, MOST_SHOWN) + "…" : value) + "'";
  }
}
