package dev.berth.rules.planted.util;

/// Lives in a drawer.
final class Drawer {}
