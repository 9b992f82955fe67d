package dev.berth.config;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A regular expression that is looked for anywhere in a URL, as registry 2.8.2 does.
public record UrlPattern(String expression) {
  public UrlPattern {
    try {
      Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw new InvalidSetting(
          "expression", "\"" + expression + "\" is no regular expression: " + e.getDescription());
    }
  }

  /// Whether the expression is found in `url`.
  public boolean matches(String url) {
    return Pattern.compile(expression).matcher(url).find();
  }

  @Override
  public String toString() {
    return expression;
  }
}
