package dev.berth.server.policy;

import static dev.berth.server.reload.Looks.twice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.load.ConfigLoader;
import dev.berth.config.load.ConfigSource;
import dev.berth.oci.PageRequest;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.wire.OciRequest;
import dev.berth.server.auth.Caller;
import dev.berth.server.auth.Rights.Ruling;
import dev.berth.server.reload.Reloads;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class WatchedPolicyTest {
  private static final String FOR_ALICE = "rules: [{who: alice, may: pull}]\n";
  private static final String FOR_BOB = "rules: [{who: bob, may: pull}]\n";
  private static final OciRequest LIST =
      new OciRequest.ListTags(
          new RepositoryName("a"), new PageRequest(OptionalInt.empty(), Optional.empty()));

  private final AtomicReference<Supplier<ConfigSource>> file =
      new AtomicReference<>(() -> Policies.source(FOR_ALICE));
  private final AtomicInteger parsed = new AtomicInteger();
  private final Reloads reloads = new Reloads(InstantSource.system());
  private final WatchedPolicy policy =
      new WatchedPolicy(
          Policies.of(FOR_ALICE),
          () -> file.get().get(),
          source -> {
            parsed.incrementAndGet();
            return ConfigLoader.load(source, Map.of()).config().berth().policy();
          },
          reloads.add("berth.policy"));

  private boolean allows(String name) {
    return policy.rule(Caller.named(name), LIST) instanceof Ruling.Allowed;
  }

  private String problem() {
    return reloads.faults().getOrDefault("reload_berth.policy", "");
  }

  @Test
  void whatTheFileSaysNowHolds() {
    assertThat(allows("alice")).isTrue();
    file.set(() -> Policies.source(FOR_BOB));

    twice(policy::renew);

    assertThat(allows("alice")).isFalse();
    assertThat(allows("bob")).isTrue();
    assertThat(problem()).isEmpty();
  }

  @Test
  void aTextThatWasSeenOnceDoesNotHoldYet() {
    twice(policy::renew);
    file.set(() -> Policies.source(FOR_BOB));
    policy.renew();
    assertThat(allows("bob")).isFalse();
    file.set(() -> Policies.source(FOR_ALICE));
    policy.renew();
    policy.renew();

    assertThat(allows("alice")).isTrue();
    assertThat(parsed).hasValue(1);
  }

  @Test
  void theSameTextIsNotReadAgain() {
    twice(policy::renew);
    twice(policy::renew);
    twice(policy::renew);

    assertThat(parsed).hasValue(1);
  }

  @Test
  void aBrokenPolicyKeepsTheLastGoodOneAndSaysSo() {
    file.set(() -> Policies.source("rules: [{who: bob, may: fly}]\n"));
    twice(policy::renew);
    assertThat(allows("alice")).isTrue();
    assertThat(problem()).startsWith("config.yml:6: berth.policy.rules[].may: expected pull");

    file.set(() -> ConfigSource.file(Path.of("/no/such/config.yml")));
    twice(policy::renew);
    assertThat(allows("alice")).isTrue();
    assertThat(problem()).contains("no such file");

    file.set(() -> Policies.source(FOR_BOB));
    twice(policy::renew);
    assertThat(problem()).isEmpty();
    assertThat(allows("bob")).isTrue();
  }

  @Test
  void aFileThatComesBackAsItWasIsGoodAgain() {
    twice(policy::renew);
    file.set(() -> ConfigSource.file(Path.of("/no/such/config.yml")));
    twice(policy::renew);
    file.set(() -> Policies.source(FOR_ALICE));
    twice(policy::renew);

    assertThat(problem()).isEmpty();
  }

  /// A file that is empty for the moment, or lost its policy, must not open the registry.
  @Test
  void aPolicyThatIsGoneStillHolds() {
    file.set(() -> new ConfigSource("config.yml", "version: 0.1\nstorage: inmemory\n"));
    twice(policy::renew);

    assertThat(allows("alice")).isTrue();
    assertThat(allows("bob")).isFalse();
    assertThat(problem()).startsWith("it is gone from the file");
  }
}
