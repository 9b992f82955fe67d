package dev.berth.server.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one user shows of who they are, once a server has asked for it: always the password, or a
/// token for each repository and right. For one thread.
final class Login {
  private static final JsonFactory JSON = new JsonFactory();

  /// Tokens of some kilobytes are known; those of the repositories last used are enough.
  private static final int MOST_TOKENS = 32;

  private final @Nullable Credentials credentials;
  private final Map<Scope, String> tokens = new LeastRecent();
  private boolean basic;

  private record Scope(String repository, boolean writes) {}

  private static final class LeastRecent extends LinkedHashMap<Scope, String> {
    private static final long serialVersionUID = 1L;
    private static final float LOAD = 0.75f;

    LeastRecent() {
      super(MOST_TOKENS, LOAD, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Scope, String> eldest) {
      return size() > MOST_TOKENS;
    }
  }

  Login(@Nullable Credentials credentials) {
    this.credentials = credentials;
  }

  /// The value of `Authorization` for a call; empty where nothing is to be shown yet.
  Optional<String> findHeader(Call call) {
    return basic ? findPassword() : Optional.ofNullable(tokens.get(scope(call)));
  }

  /// Name and password in the basic scheme; empty for a user without.
  Optional<String> findPassword() {
    return credentials == null ? Optional.empty() : Optional.of(credentials.basic());
  }

  void useBasic() {
    basic = true;
  }

  /// Keeps what a token server answered.
  ///
  /// @return whether there was a token in it
  boolean keepToken(Call call, byte[] answer) {
    String token = token(answer);
    if (token.isEmpty()) {
      return false;
    }
    tokens.put(scope(call), "Bearer " + token);
    return true;
  }

  private static Scope scope(Call call) {
    return new Scope(call.repository(), call.writes());
  }

  private static String token(byte[] answer) {
    String found = "";
    try (JsonParser json = JSON.createParser(answer)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.VALUE_STRING && isToken(json.currentName())) {
          found = json.getText();
        }
      }
    } catch (IOException noJson) {
      return "";
    }
    return found.matches("[\\x21-\\x7e]+") ? found : "";
  }

  private static boolean isToken(@Nullable String name) {
    return "token".equals(name) || "access_token".equals(name);
  }
}
