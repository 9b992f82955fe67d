package dev.berth.config;

/// How much the application log says; each level includes those before it.
public enum LogLevel {
  ERROR,
  WARN,
  INFO,
  DEBUG
}
