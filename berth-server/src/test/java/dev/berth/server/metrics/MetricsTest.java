package dev.berth.server.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsTest {
  private final Metrics metrics = new Metrics();

  private List<String> lines(String of) {
    return new String(metrics.text(), UTF_8)
        .lines()
        .filter(line -> line.startsWith(of) || line.startsWith("# TYPE " + of))
        .toList();
  }

  @Test
  void writesWhatIsReadAtTheScrape() {
    int[] value = {1};
    metrics.gauge("berth_a", "A.", () -> value[0]);
    metrics.counter("berth_b", "B.", List.of("of"), sink -> sink.value(value[0], "x\"\n"));
    value[0] = 3;

    assertThat(lines("berth_a")).containsExactly("# TYPE berth_a gauge", "berth_a 3.0");
    assertThat(lines("berth_b"))
        .containsExactly("# TYPE berth_b_total counter", "berth_b_total{of=\"x\\\"\\n\"} 3.0");
  }

  /// Distribution 3 has one.
  @Test
  void aGaugeMayBeCalledTotal() {
    metrics.gauge("berth_pending_total", "P.", () -> 2);

    assertThat(lines("berth_pending")).contains("berth_pending_total 2.0");
  }

  @Test
  void tellsOfTheProcessAndTheJdk() {
    for (String name :
        List.of(
            "process_cpu_seconds_total",
            "process_max_fds",
            "process_open_fds",
            "process_resident_memory_bytes",
            "process_start_time_seconds",
            "process_virtual_memory_bytes",
            "process_virtual_memory_max_bytes",
            "jvm_memory_used_bytes",
            "jvm_gc_collection_seconds_count",
            "jvm_threads_current")) {
      assertThat(lines(name)).as(name).isNotEmpty();
    }
  }

  @Test
  void countsInBucketsWhoseBoundsAreWrittenAsGoWritesThem() {
    Histogram histogram = metrics.histogram("berth_h", "H.", Scale.BYTES, "of");
    Distribution one = histogram.of("a");
    one.add(1024);
    one.add(1025);
    one.add(5L << 30);

    assertThat(lines("berth_h"))
        .contains(
            "berth_h_bucket{of=\"a\",le=\"1024\"} 1",
            "berth_h_bucket{of=\"a\",le=\"2048\"} 2",
            "berth_h_bucket{of=\"a\",le=\"1.048576e+06\"} 2",
            "berth_h_bucket{of=\"a\",le=\"2.147483648e+09\"} 2",
            "berth_h_bucket{of=\"a\",le=\"+Inf\"} 3",
            "berth_h_count{of=\"a\"} 3")
        .hasSize(26);
    assertThat(histogram.of("a")).isSameAs(one);
  }

  @ParameterizedTest
  @CsvSource({
    "0.005,0.005",
    "0.25,0.25",
    "1,1",
    "2.5,2.5",
    "60,60",
    "524288,524288",
    "1e6,1e+06",
    "1.34217728E8,1.34217728e+08"
  })
  void writesNumbersAsGoDoes(double number, String text) {
    assertThat(GoNumber.of(number)).isEqualTo(text);
  }
}
