package dev.berth.server.doctor;

import java.net.URI;
import java.util.Optional;

/// Where an upload goes on: it must be where the client came from.
final class LocationCheck {
  private final Target target;

  LocationCheck(Target target) {
    this.target = target;
  }

  /// Compares a `Location` with the URL that was asked.
  ///
  /// @return path and query to go on with, whatever the rest says; empty where there is none
  Optional<String> judge(String location, Findings findings) {
    URI told;
    try {
      told = target.url().resolve(target.prefix() + "/v2/").resolve(location);
    } catch (IllegalArgumentException e) {
      findings.fail("Location is no URL: " + location, "see the log of the registry");
      return Optional.empty();
    }
    boolean relative = location.startsWith("/") && !location.startsWith("//");
    String path = told.getRawPath() == null ? "" : told.getRawPath();
    String wanted = target.prefix() + "/v2/" + PushTrial.REPOSITORY + "/blobs/uploads/";
    if (!target.url().getScheme().equals(told.getScheme())) {
      scheme(location, findings);
    } else if (!target.url().getHost().equalsIgnoreCase(told.getHost())
        || target.port() != Target.port(told)) {
      host(location, findings);
    } else if (!path.startsWith(wanted)) {
      prefix(location, findings);
    } else {
      findings.ok(
          "Location leads back here" + (relative ? " (a path)" : " (" + origin(told) + ")"));
    }
    String query = told.getRawQuery() == null ? "" : "?" + told.getRawQuery();
    int api = path.indexOf("/v2/" + PushTrial.REPOSITORY + "/");
    return api < 0 ? Optional.empty() : Optional.of(target.prefix() + path.substring(api) + query);
  }

  private static String origin(URI told) {
    return told.getScheme() + "://" + told.getRawAuthority();
  }

  private void scheme(String location, Findings findings) {
    String scheme = target.url().getScheme();
    findings.fail(
        "Location leads to another scheme: clients came by " + scheme + ", it is " + location,
        "have the outermost proxy send X-Forwarded-Proto: "
            + scheme
            + " and those behind it pass it on (nginx: proxy_set_header X-Forwarded-Proto "
            + scheme
            + ";), or set http.relativeurls: true or http.host: "
            + origin(target.url()));
  }

  private void host(String location, Findings findings) {
    findings.fail(
        "Location leads to another host or port: clients came by "
            + target.authority()
            + ", it is "
            + location,
        "have the proxy send Host: "
            + target.authority()
            + " (nginx: proxy_set_header Host $http_host;) or X-Forwarded-Host: "
            + target.authority()
            + ", or set http.relativeurls: true or http.host: "
            + origin(target.url()));
  }

  private void prefix(String location, Findings findings) {
    String prefix = target.prefix() + "/";
    findings.fail(
        "Location leads to another path: clients came by " + prefix + "v2/, it is " + location,
        "set http.prefix: "
            + prefix
            + " if the proxy leaves the path as it is, or http.host: "
            + origin(target.url())
            + prefix
            + " if it takes "
            + prefix
            + " away");
  }
}
