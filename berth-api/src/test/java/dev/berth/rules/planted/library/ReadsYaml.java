package dev.berth.rules.planted.library;

import org.yaml.snakeyaml.Yaml;

/// Uses a library that its package does not own.
final class ReadsYaml {
  Object read(String text) {
    return new Yaml().load(text);
  }
}
