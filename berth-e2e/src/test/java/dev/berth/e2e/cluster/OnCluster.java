package dev.berth.e2e.cluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/// Marks a test that changes the cluster of `KUBECONFIG`. It runs only where somebody said
/// `BERTH_E2E_SUITE=cluster`, so that nobody's own cluster is taken for one to test with.
///
/// Classes run beside each other (the profile `cluster` of the module says so), each in a namespace
/// of its own; those that take nodes away carry `@Isolated` too. Methods of a class run one after
/// the other.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfEnvironmentVariable(
    named = "BERTH_E2E_SUITE",
    matches = "cluster",
    disabledReason = "changes a cluster: BERTH_E2E_SUITE=cluster, docs/testing.md")
public @interface OnCluster {}
