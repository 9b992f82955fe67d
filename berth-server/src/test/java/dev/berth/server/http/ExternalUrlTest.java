package dev.berth.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.oci.wire.OciRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExternalUrlTest {
  private static String location(ExternalUrl urls, FakeExchange request) {
    return urls.of(new OciRequest.Ping(), request.head());
  }

  private static FakeExchange request() {
    return new FakeExchange("POST", "/v2/").header("Host", "inner:5000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Forwarded | proto=https;host=a.example                    | https://a.example/v2/
          Forwarded | for=1.2.3.4; proto=https                      | https://inner:5000/v2/
          Forwarded | host="b.example:8443";proto="https"           | https://b.example:8443/v2/
          Forwarded | PROTO=HTTPS ; Host=c.example                  | https://c.example/v2/
          Forwarded | host=d.example, host=e.example;proto=https    | http://d.example/v2/
          Forwarded | for="[2001:db8::1]:80;x";host=f.example       | http://f.example/v2/
          Forwarded | for="a\\"b";host=g.example                     | http://g.example/v2/
          Forwarded | nonsense                                      | http://inner:5000/v2/
          Forwarded | =;=;=                                         | http://inner:5000/v2/
          Forwarded | host="                                        | /v2/
          X-Forwarded-Proto | https                                 | https://inner:5000/v2/
          X-Forwarded-Proto | https,http                            | https://inner:5000/v2/
          X-Forwarded-Proto | HTTPS                                 | https://inner:5000/v2/
          X-Forwarded-Proto | javascript                            | /v2/
          X-Forwarded-Host | a.example                              | http://a.example/v2/
          X-Forwarded-Host | a.example:8443, b.example              | http://a.example:8443/v2/
          X-Forwarded-Host | [::1]:5000                             | http://[::1]:5000/v2/
          X-Forwarded-Host | evil/path                              | /v2/
          X-Forwarded-Host | user@evil                              | /v2/
          X-Forwarded-Host | a b                                    | /v2/
          X-Forwarded-Port | 8443                                   | http://inner:5000/v2/
          """)
  void believesWhatProxiesSay(String name, String value, String expected) {
    var urls = new ExternalUrl(Optional.empty(), Optional.of(false), "");

    assertThat(location(urls, request().header(name, value))).isEqualTo(expected);
  }

  @Test
  void passesOverTheOldFieldsWhereForwardedIsThere() {
    var urls = new ExternalUrl(Optional.empty(), Optional.of(false), "");
    FakeExchange request =
        request()
            .header("Forwarded", "for=1.2.3.4")
            .header("X-Forwarded-Proto", "https")
            .header("X-Forwarded-Host", "a.example");

    assertThat(location(urls, request)).isEqualTo("http://inner:5000/v2/");
  }

  @Test
  void knowsItsOwnTls() {
    var urls = new ExternalUrl(Optional.empty(), Optional.of(false), "");

    assertThat(location(urls, request().secure())).isEqualTo("https://inner:5000/v2/");
  }

  @Test
  void isRelativeWithoutAHost() {
    var urls = new ExternalUrl(Optional.empty(), Optional.of(false), "/my");

    assertThat(location(urls, new FakeExchange("POST", "/my/v2/"))).isEqualTo("/my/v2/");
  }

  @Test
  void keepsThePrefix() {
    var absolute = new ExternalUrl(Optional.empty(), Optional.of(false), "/my/reg");
    var relative = new ExternalUrl(Optional.empty(), Optional.of(true), "/my/reg");

    assertThat(location(absolute, request())).isEqualTo("http://inner:5000/my/reg/v2/");
    assertThat(location(relative, request())).isEqualTo("/my/reg/v2/");
  }

  @Test
  void isRelativeWhereConfigured() {
    var urls = new ExternalUrl(Optional.empty(), Optional.of(true), "");

    assertThat(location(urls, request().header("X-Forwarded-Proto", "https"))).isEqualTo("/v2/");
  }

  @ParameterizedTest
  @CsvSource({
    "https://images.example, https://images.example/v2/",
    "https://images.example/, https://images.example/v2/",
    "https://images.example:8443/my/, https://images.example:8443/my/v2/",
    "https://images.example/my, https://images.example/v2/",
  })
  void putsTheConfiguredHostBeforeAll(String host, String expected) {
    var urls = new ExternalUrl(Optional.of(host), Optional.of(true), "/prefix");

    assertThat(location(urls, request().header("X-Forwarded-Host", "other"))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"images.example", "//images.example", "/my/", "mailto:x"})
  void refusesAHostThatIsNoUrl(String host) {
    assertThatThrownBy(() -> new ExternalUrl(Optional.of(host), Optional.of(false), ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("http.host");
  }

  @ParameterizedTest
  @CsvSource({
    "'1.2.3.4, 5.6.7.8', 9.9.9.9, 1.2.3.4",
    "2001:db8::1, , 2001:db8::1",
    ", 9.9.9.9, 9.9.9.9",
    "unknown, 9.9.9.9, 9.9.9.9",
    "'\"x\"', 'a b', 10.0.0.7",
    "face, , 10.0.0.7",
    ", , 10.0.0.7",
  })
  void knowsWhoseAddressProxiesSay(
      @Nullable String forwardedFor, @Nullable String real, String expected) {
    FakeExchange request = new FakeExchange("GET", "/v2/");
    if (forwardedFor != null) {
      request.header("X-Forwarded-For", forwardedFor);
    }
    if (real != null) {
      request.header("X-Real-Ip", real);
    }

    assertThat(ClientAddress.forwarded(request.head())).isEqualTo(expected);
  }

  @Test
  void knowsThePeer() {
    assertThat(ClientAddress.peer(new FakeExchange("GET", "/").remote("[::1]:80").head()))
        .isEqualTo("::1");
    assertThat(ClientAddress.peer(new FakeExchange("GET", "/").remote("1.2.3.4:80").head()))
        .isEqualTo("1.2.3.4");
    assertThat(ClientAddress.peer(new FakeExchange("GET", "/").remote("local").head()))
        .isEqualTo("local");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Accept            | *                     | https://inner:5000
          X-Forwarded-Proto | http                  | http://inner:5000
          Forwarded         | host=a.example        | https://a.example
          X-Forwarded-Host  | a.example, b.example  | https://a.example
          X-Forwarded-Host  | evil/path             |
          X-Forwarded-Host  | evil"\\,error="x      |
          X-Forwarded-Host  | user:word@evil        |
          X-Forwarded-Proto | javascript            |
          """)
  void loginsAreSentToTheHostThatWasAsked(String name, String value, @Nullable String expected) {
    for (Optional<Boolean> relative : List.of(Optional.of(false), Optional.of(true))) {
      var urls = new ExternalUrl(Optional.empty(), relative, "");
      FakeExchange request = request().header(name, value);

      assertThat(urls.origin(request.head())).isEqualTo(Optional.ofNullable(expected));
    }
    var fixed = new ExternalUrl(Optional.of("https://fixed.example/x/"), Optional.of(false), "");
    assertThat(fixed.origin(request().header(name, value).head()))
        .contains("https://fixed.example");
  }

  @Test
  void saysNoSchemeAndHostUnlessAProxyDoes() {
    var urls = new ExternalUrl(Optional.empty(), Optional.empty(), "/my");

    assertThat(location(urls, request())).isEqualTo("/my/v2/");
    assertThat(location(urls, request().secure())).isEqualTo("/my/v2/");
    assertThat(location(urls, request().header("X-Forwarded-Proto", "https")))
        .isEqualTo("https://inner:5000/my/v2/");
    assertThat(location(urls, request().header("X-Forwarded-Host", "a.example")))
        .isEqualTo("http://a.example/my/v2/");
    assertThat(location(urls, request().header("Forwarded", "proto=https")))
        .isEqualTo("https://inner:5000/my/v2/");
  }

  @Test
  void tellsOthersTheWholeUrl() {
    var ping = new OciRequest.Ping();
    for (Optional<Boolean> relative : List.of(Optional.<Boolean>empty(), Optional.of(true))) {
      var urls = new ExternalUrl(Optional.empty(), relative, "");
      assertThat(urls.absolute(ping, request().secure().head()))
          .isEqualTo("https://inner:5000/v2/");
    }
    var fixed = new ExternalUrl(Optional.of("https://a.example"), Optional.of(true), "");
    assertThat(fixed.absolute(ping, request().head())).isEqualTo("https://a.example/v2/");
  }
}
