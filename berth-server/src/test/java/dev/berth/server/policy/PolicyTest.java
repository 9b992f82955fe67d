package dev.berth.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.oci.wire.OciRequest;
import dev.berth.oci.wire.OciRoutes;
import dev.berth.oci.wire.Route;
import dev.berth.server.auth.Caller;
import dev.berth.server.auth.Rights.Ruling;
import dev.berth.server.auth.Sight;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
  private static final String DIGEST = "sha256:" + "a".repeat(64);
  private static final Policy POLICY =
      new Policy(
          Policies.of(
              """
              groups: {developers: [alice, bob]}
              rules:
                - {who: anyone, may: pull, in: public/**}
                - {who: authenticated, may: pull}
                - {who: "group:developers", may: push, in: [apps/**, public/**]}
                - {who: ci, may: [push, delete], in: apps/**}
                - {who: root, may: admin}
              immutable:
                - {in: apps/**, tags: v*}
                - {in: apps/web, tags: [stable, "*-final"]}
              """));

  private static Ruling rule(Caller caller, String method, String target) {
    String[] parts = target.replace("D", DIGEST).split("\\?", 2);
    Route route =
        new OciRoutes("/", false).parse(method, parts[0], parts.length > 1 ? parts[1] : "");
    OciRequest request = ((Route.Found) route).request();
    return POLICY.rule(caller, request);
  }

  @Test
  void anAdminIsWhoMayEverythingEverywhere() {
    Policy policy =
        new Policy(
            Policies.of(
                """
                groups: {operators: [olga]}
                rules:
                  - {who: [root, "group:operators"], may: admin}
                  - {who: part, may: admin, in: apps/**}
                  - {who: [pusher, part], may: [push, delete]}
                """));

    for (String name : new String[] {"root", "olga"}) {
      assertThat(policy.isAdmin(Caller.named(name))).as(name).isTrue();
    }
    for (String name : new String[] {"", "part", "pusher", "carl"}) {
      assertThat(policy.isAdmin(Caller.named(name))).as(name).isFalse();
    }
    assertThat(policy.isAdmin(new Caller("by-directory", Set.of("operators")))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "'',     GET    /v2/public/a/manifests/t,                             yes",
    "'',     GET    /v2/apps/a/manifests/t,                               no",
    "'',     GET    /v2/public/manifests/t,                               no",
    "'',     GET    /v2/,                                                 no",
    "'',     GET    /v2/_catalog,                                         no",
    "'',     POST   /v2/public/a/blobs/uploads/,                          no",
    "carl,   GET    /v2/,                                                 yes",
    "carl,   GET    /v2/apps/a/manifests/t,                               yes",
    "carl,   PUT    /v2/apps/a/manifests/t,                               no",
    "carl,   GET    /v2/_catalog,                                         yes",
    "alice,  PUT    /v2/apps/a/b/manifests/t,                             yes",
    "alice,  PUT    /v2/public/a/manifests/t,                             yes",
    "alice,  PUT    /v2/other/a/manifests/t,                              no",
    "alice,  DELETE /v2/apps/a/manifests/t,                               no",
    "alice,  DELETE /v2/apps/a/blobs/uploads/u,                           yes",
    "alice,  POST   /v2/apps/a/blobs/uploads/?mount=D&from=other/x,       yes",
    "ci,     DELETE /v2/apps/a/manifests/t,                               yes",
    "ci,     DELETE /v2/public/a/manifests/t,                             no",
    "root,   DELETE /v2/other/manifests/t,                                yes",
    "root,   PUT    /v2/other/manifests/t,                                yes",
    "anyone, PUT    /v2/apps/a/manifests/t,                               no",
  })
  void whatNoRuleAllowsIsRefused(String name, String request, String allowed) {
    String[] words = request.split(" +", 2);

    assertThat(rule(Caller.named(name), words[0], words[1]) instanceof Ruling.Allowed)
        .isEqualTo(allowed.equals("yes"));
  }

  @Test
  void groupsOfADirectoryCountAsThoseOfTheFile() {
    Caller dora = new Caller("dora", Set.of("developers", "x"));

    assertThat(rule(dora, "PUT", "/v2/apps/a/manifests/t")).isInstanceOf(Ruling.Allowed.class);
    assertThat(rule(dora, "PUT", "/v2/other/manifests/t")).isInstanceOf(Ruling.Refused.class);
  }

  /// What nobody may pull is not given away by a mount, with `from` or without.
  @Test
  void aMountNeedsThePullOfWhatItMounts() {
    var policy =
        new Policy(
            Policies.of(
                """
                rules:
                  - {who: eve, may: push, in: eve/**}
                  - {who: all, may: pull}
                  - {who: all, may: push, in: all/**}
                """));
    RepositoryName own = new RepositoryName("eve/a");
    OciRequest from = mount(own, "secret/b");
    OciRequest anywhere = mount(own, "");

    assertThat(policy.rule(Caller.named("eve"), from))
        .isInstanceOfSatisfying(
            Ruling.Refused.class,
            refused ->
                assertThat(refused.reason())
                    .isEqualTo("no rule of the policy lets eve pull in secret/b"));
    assertThat(policy.rule(Caller.named("eve"), anywhere))
        .isInstanceOfSatisfying(
            Ruling.Allowed.class, allowed -> assertThat(allowed.sight().everywhere()).isFalse());
    assertThat(policy.rule(Caller.named("all"), mount(new RepositoryName("all/a"), "")))
        .isInstanceOfSatisfying(
            Ruling.Allowed.class, allowed -> assertThat(allowed.sight().everywhere()).isTrue());
  }

  private static OciRequest mount(RepositoryName to, String from) {
    var found =
        (Route.Found)
            new OciRoutes("/", false)
                .parse(
                    "POST",
                    "/v2/" + to + "/blobs/uploads/",
                    "mount=" + DIGEST + (from.isEmpty() ? "" : "&from=" + from));
    return found.request();
  }

  @Test
  void theCatalogShowsWhatACallerMayPull() {
    var policy =
        new Policy(
            Policies.of(
                """
                rules:
                  - {who: alice, may: pull, in: a/**}
                  - {who: carl, may: delete}
                """));
    OciRequest catalog =
        ((Route.Found) new OciRoutes("/", false).parse("GET", "/v2/_catalog", "")).request();

    assertThat(policy.rule(Caller.named("alice"), catalog))
        .isInstanceOfSatisfying(
            Ruling.Allowed.class,
            allowed -> {
              Sight sight = allowed.sight();
              assertThat(sight.everywhere()).isFalse();
              assertThat(sight.shows()).accepts(new RepositoryName("a/b"));
              assertThat(sight.shows()).rejects(new RepositoryName("b/a"));
            });
    assertThat(policy.rule(Caller.named("carl"), catalog)).isInstanceOf(Ruling.Refused.class);
  }

  @ParameterizedTest
  @CsvSource({
    "apps/a, v1, true",
    "apps/a, latest, false",
    "apps/a, stable, false",
    "apps/web, stable, true",
    "apps/web, 1-final, true",
    "other, v1, false"
  })
  void tagsStayWhereThePatternsSay(String repository, String tag, boolean stays) {
    assertThat(
            POLICY
                .immutableTags(new RepositoryName(repository))
                .filter(immutable -> immutable.test(new Tag(tag)))
                .isPresent())
        .isEqualTo(stays);
  }

  @Test
  void anonymousPingIsASetting() {
    var open = new Policy(Policies.of("rules: [{who: anyone, may: pull}]\nanonymousping: true\n"));

    assertThat(open.rule(Caller.ANONYMOUS, new OciRequest.Ping()))
        .isInstanceOf(Ruling.Allowed.class);
    assertThat(POLICY.rule(Caller.ANONYMOUS, new OciRequest.Ping()))
        .isInstanceOf(Ruling.Refused.class);
  }
}
