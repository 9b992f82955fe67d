package dev.berth.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.function.Function;
import java.util.stream.Stream;

/// A rule's condition given as a function from a class to the sentences that say what is wrong with
/// it; none when all is well.
final class Offences extends ArchCondition<JavaClass> {
  private final Function<JavaClass, Stream<String>> finder;

  /// @param description what a class should do or be, to complete "classes should …"
  Offences(String description, Function<JavaClass, Stream<String>> finder) {
    super(description);
    this.finder = finder;
  }

  @Override
  public void check(JavaClass item, ConditionEvents events) {
    finder.apply(item).forEach(offence -> events.add(SimpleConditionEvent.violated(item, offence)));
  }
}
