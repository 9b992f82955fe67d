package dev.berth.e2e.durability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.durability.Facts.Crash;
import dev.berth.e2e.durability.Facts.Subject;
import dev.berth.e2e.durability.Facts.TagSubject;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FactsTest {
  private static final Subject TAG = new TagSubject("a", "t");

  private final Facts facts = new Facts();

  @Test
  void holdsWhatWasAcknowledgedBeforeTheCrash() {
    facts.request().becomes(TAG, "one").acknowledge();

    assertThat(facts.allowed(TAG, crashNow())).containsExactly(Optional.of("one"));
  }

  @Test
  void allowsBothStatesOfARequestUnderWay() {
    facts.request().becomes(TAG, "one").acknowledge();
    facts.request().becomes(TAG, "two");

    assertThat(facts.allowed(TAG, crashNow()))
        .containsExactlyInAnyOrder(Optional.of("one"), Optional.of("two"));
  }

  @Test
  void allowsBothStatesOfARequestAcknowledgedDuringTheCrash() {
    facts.request().becomes(TAG, "one").acknowledge();
    long from = System.nanoTime();
    facts.request().vanishes(TAG).acknowledge();

    assertThat(facts.allowed(TAG, new Crash(from, System.nanoTime())))
        .containsExactlyInAnyOrder(Optional.of("one"), Optional.empty());
  }

  @Test
  void knowsNothingOfWhatWasAskedAfterTheCrash() {
    facts.request().becomes(TAG, "one").acknowledge();
    Crash crash = crashNow();
    facts.request().vanishes(TAG).acknowledge();

    assertThat(facts.allowed(TAG, crash)).containsExactly(Optional.of("one"));
  }

  @Test
  void anAcknowledgedRequestOverridesAnEarlierOneThatBroke() {
    facts.request().becomes(TAG, "broken");
    facts.request().becomes(TAG, "one").acknowledge();

    assertThat(facts.allowed(TAG, crashNow())).containsExactly(Optional.of("one"));
  }

  private static Crash crashNow() {
    long now = System.nanoTime();
    return new Crash(now, now);
  }
}
