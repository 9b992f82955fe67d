package dev.berth.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/// A regular expression in Go's syntax that is looked for anywhere in a URL, as registry 2.8.2 does
/// it. Takes time linear in the URL, whatever the expression: clients choose the URLs.
public final class UrlPattern {
  private final Pattern pattern;

  /// @throws InvalidSetting it is no such expression
  public UrlPattern(String expression) {
    try {
      pattern = Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw new InvalidSetting(
          "expression", "\"" + expression + "\" is no regular expression: " + e.getDescription());
    }
  }

  /// As it was written.
  public String expression() {
    return pattern.pattern();
  }

  /// Whether the expression is found in `url`.
  public boolean matches(String url) {
    return pattern.matcher(url).find();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UrlPattern same && expression().equals(same.expression());
  }

  @Override
  public int hashCode() {
    return expression().hashCode();
  }

  @Override
  public String toString() {
    return expression();
  }
}
