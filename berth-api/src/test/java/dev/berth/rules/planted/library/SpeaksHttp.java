package dev.berth.rules.planted.library;

import java.net.http.HttpClient;

/// Uses a part of the JDK that we do without.
final class SpeaksHttp {
  HttpClient client() {
    return HttpClient.newHttpClient();
  }
}
