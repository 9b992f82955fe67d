package dev.berth.server.auth;

/// What is done to a repository.
public enum Action {
  PULL("pull"),
  PUSH("push"),
  DELETE("delete"),

  /// All of a thing that is no repository.
  ALL("*");

  private final String word;

  Action(String word) {
    this.word = word;
  }

  /// As tokens and errors of registry 2.8.2 name it.
  public String word() {
    return word;
  }
}
