/// Metrics: their names against those of registry 2.8.2, and what is made of them: dashboard and
/// alert rules, against a running Prometheus.
@NullMarked
package dev.berth.e2e.monitoring;

import org.jspecify.annotations.NullMarked;
