package dev.berth.rules.planted.unmarked;

/// Lives in a package that does not say `@NullMarked`.
final class Unmarked {}
