package dev.berth.server.doctor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.berth.server.doctor.Finding.Verdict;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// Shows findings: as lines, each as soon as it is known, or all of them at the end as one line of
/// JSON.
public final class DoctorReport implements Consumer<Finding> {
  private static final JsonFactory JSON = new JsonFactory();

  private final PrintStream out;
  private final boolean json;
  private final List<Finding> all = new ArrayList<>();
  private final Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
  private String group = "";

  public DoctorReport(PrintStream out, boolean json) {
    this.out = out;
    this.json = json;
    for (Verdict verdict : Verdict.values()) {
      counts.put(verdict, 0);
    }
  }

  @Override
  public void accept(Finding finding) {
    counts.merge(finding.verdict(), 1, Integer::sum);
    if (json) {
      all.add(finding);
      return;
    }
    if (!group.equals(finding.group())) {
      group = finding.group();
      out.println(group);
    }
    out.printf("  %-4s  %s%n", word(finding.verdict()), finding.what());
    if (!finding.todo().isEmpty()) {
      out.println("        " + finding.todo());
    }
  }

  /// Shows the counts; with JSON, everything.
  ///
  /// @return whether nothing failed
  public boolean end() {
    if (json) {
      out.println(document());
    } else {
      out.printf(
          "%d ok, %d notes, %d warnings, %d failed, %d skipped%n",
          counts.get(Verdict.OK),
          counts.get(Verdict.NOTE),
          counts.get(Verdict.WARN),
          counts.get(Verdict.FAIL),
          counts.get(Verdict.SKIP));
    }
    return counts.getOrDefault(Verdict.FAIL, 0) == 0;
  }

  private static String word(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }

  private String document() {
    var text = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(text)) {
      generator.writeStartObject();
      generator.writeArrayFieldStart("findings");
      for (Finding finding : all) {
        generator.writeStartObject();
        generator.writeStringField("verdict", word(finding.verdict()));
        generator.writeStringField("group", finding.group());
        generator.writeStringField("what", finding.what());
        if (!finding.todo().isEmpty()) {
          generator.writeStringField("todo", finding.todo());
        }
        generator.writeEndObject();
      }
      generator.writeEndArray();
      generator.writeObjectFieldStart("counts");
      for (Map.Entry<Verdict, Integer> count : counts.entrySet()) {
        generator.writeNumberField(word(count.getKey()), count.getValue());
      }
      generator.writeEndObject();
      generator.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory failed", e);
    }
    return text.toString();
  }
}
