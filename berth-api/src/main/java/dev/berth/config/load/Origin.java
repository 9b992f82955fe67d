package dev.berth.config.load;

/// Where a value was said.
public sealed interface Origin {
  /// Nowhere: it holds because nothing else was said.
  record Default() implements Origin {
    @Override
    public String toString() {
      return "default";
    }
  }

  /// In a file.
  ///
  /// @param line counted from 1; 0 means the file as a whole
  record Line(String file, int line) implements Origin {
    @Override
    public String toString() {
      return line == 0 ? file : file + ":" + line;
    }
  }

  /// In a variable of the environment.
  record Variable(String name) implements Origin {
    @Override
    public String toString() {
      return name;
    }
  }

  /// The one [Default].
  Origin DEFAULT = new Default();
}
