package dev.berth.config;

import java.util.Arrays;

/// A pattern of names: `*` stands for any characters but `/`, `**` for any characters, none
/// included; all others stand for themselves. Never takes longer than the lengths of pattern and
/// name multiplied.
///
/// @param text the pattern as it was written
public record Glob(String text) {
  private static final int LONGEST = 255;
  private static final int STAR = -1;
  private static final int STARS = -2;

  /// Every name.
  public static final Glob EVERYTHING = new Glob("**");

  public Glob {
    if (text.isEmpty() || text.length() > LONGEST) {
      throw new InvalidSetting("text", "a pattern has 1 to " + LONGEST + " characters");
    }
    if (text.contains("***")) {
      throw new InvalidSetting("text", "give * or ** in place of ***");
    }
  }

  /// A pattern of repositories.
  ///
  /// @throws InvalidSetting no repository can have such a name
  public static Glob ofRepositories(String text) {
    if (!text.matches("[a-z0-9._/*-]*") || text.startsWith("/") || text.endsWith("/")) {
      throw new InvalidSetting(
          "text",
          "a pattern of repositories holds a-z, 0-9, . _ - / and *, with no / at either end");
    }
    return new Glob(text);
  }

  /// A pattern of tags.
  ///
  /// @throws InvalidSetting no tag can have such a name
  public static Glob ofTags(String text) {
    if (!text.matches("[A-Za-z0-9._*-]*")) {
      throw new InvalidSetting("text", "a pattern of tags holds A-Z, a-z, 0-9, . _ - and *");
    }
    return new Glob(text);
  }

  /// Whether every name matches.
  public boolean matchesAll() {
    return text.equals("**");
  }

  /// Whether the whole name matches.
  public boolean matches(String name) {
    int first = text.indexOf('*');
    if (first < 0) {
      return text.equals(name);
    }
    if (!name.regionMatches(0, text, 0, first)) {
      return false;
    }
    return (first == text.length() - 2 && text.endsWith("**")) || walk(name);
  }

  /// Goes through the name once, with all places in the pattern that it may have come to.
  private boolean walk(String name) {
    int[] parts = parts();
    boolean[] at = new boolean[parts.length + 1];
    at[0] = true;
    skip(parts, at);
    for (int i = 0; i < name.length(); i++) {
      at = step(parts, at, name.charAt(i));
    }
    return at[parts.length];
  }

  private static boolean[] step(int[] parts, boolean[] at, char c) {
    boolean[] next = new boolean[at.length];
    for (int i = 0; i < parts.length; i++) {
      if (at[i]) {
        int part = parts[i];
        next[i] |= part == STARS || (part == STAR && c != '/');
        next[i + 1] |= part == c;
      }
    }
    skip(parts, next);
    return next;
  }

  /// A star may stand for nothing.
  private static void skip(int[] parts, boolean[] at) {
    for (int i = 0; i < parts.length; i++) {
      at[i + 1] |= at[i] && parts[i] < 0;
    }
  }

  private int[] parts() {
    int[] parts = new int[text.length()];
    int count = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean two = c == '*' && text.startsWith("**", i);
      parts[count] = c == '*' ? (two ? STARS : STAR) : c;
      count++;
      i += two ? 1 : 0;
    }
    return Arrays.copyOf(parts, count);
  }

  @Override
  public String toString() {
    return text;
  }
}
