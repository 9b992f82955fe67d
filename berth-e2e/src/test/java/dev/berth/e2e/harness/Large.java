package dev.berth.e2e.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/// Marks a test of the larger suite: it runs in `.ci/run` and `.ci/long` (which set
/// `BERTH_E2E_SUITE`), and not in a developer's `./mvnw verify`.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Tag("large")
@EnabledIfEnvironmentVariable(
    named = "BERTH_E2E_SUITE",
    matches = "large",
    disabledReason = "part of the larger suite, which .ci/run starts")
public @interface Large {}
