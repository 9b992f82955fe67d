package dev.berth.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// cosign signs an image and verifies the signature it finds in the registry: once kept under a
/// `sha256-….sig` tag, as clusters have them, and once as a referrer. It asks no transparency log.
final class CosignIT extends ClientTest {
  @Test
  void signsUnderATagAndVerifies() {
    Path cosign = Tools.get("cosign");
    SampleImage image = SampleImage.small(random);
    String reference = signed(cosign, image, "--new-bundle-format=false");

    String verified = verify(cosign, reference, "--new-bundle-format=false");

    assertThat(verified).contains(image.digest());
    assertThat(client().tags("co/sign")).contains(image.digest().replace(':', '-') + ".sig");
  }

  @Test
  void signsAsAReferrerAndVerifies() {
    Path cosign = Tools.get("cosign");
    SampleImage image = SampleImage.small(random);
    String reference = signed(cosign, image, "--new-bundle-format=true");

    String verified = verify(cosign, reference, "--new-bundle-format=true");

    assertThat(verified).contains(image.digest());
    assertThat(client().tags("co/sign")).as("no fallback tags").containsExactly("one");
  }

  @Test
  void doesNotVerifyWhatNobodySigned() {
    Path cosign = Tools.get("cosign");
    signed(cosign, SampleImage.small(random), "--new-bundle-format=false");
    SampleImage other = SampleImage.small(random);
    client().push("co/sign", "other", other);

    var outcome =
        verifyOutcome(
            cosign, registry().host() + "/co/sign@" + other.digest(), "--new-bundle-format=false");

    assertThat(outcome.exit()).isNotZero();
    assertThat(outcome.err()).contains("no signatures found");
  }

  private String signed(Path cosign, SampleImage image, String format) {
    client().push("co/sign", "one", image);
    String reference = registry().host() + "/co/sign@" + image.digest();
    cosign(cosign, "generate-key-pair").orFail();
    cosign(
            cosign,
            "sign",
            "--yes",
            "--key=cosign.key",
            "--tlog-upload=false",
            "--use-signing-config=false",
            "--allow-http-registry",
            format,
            reference)
        .orFail();
    return reference;
  }

  private String verify(Path cosign, String reference, String format) {
    return verifyOutcome(cosign, reference, format).orFail().out();
  }

  private Program.Outcome verifyOutcome(Path cosign, String reference, String format) {
    return cosign(
        cosign,
        "verify",
        "--key=cosign.pub",
        "--insecure-ignore-tlog=true",
        "--allow-http-registry",
        format,
        reference);
  }

  private Program.Outcome cosign(Path cosign, String... words) {
    var line = new ArrayList<Object>(List.of(cosign));
    line.addAll(List.of(words));
    return Program.of(line.toArray())
        .in(folder)
        .with("HOME", folder)
        .with("COSIGN_PASSWORD", "")
        .outcome();
  }
}
