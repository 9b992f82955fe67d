package dev.berth.rules.planted.levels.lost;

/// Lives in a package that nobody gave a level.
final class Lost {}
