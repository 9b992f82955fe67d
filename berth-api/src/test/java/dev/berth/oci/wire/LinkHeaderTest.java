package dev.berth.oci.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LinkHeaderTest {
  @Test
  void namesTheNextPage() {
    assertThat(LinkHeader.next("/v2/_catalog?last=b&n=2"))
        .isEqualTo("</v2/_catalog?last=b&n=2>; rel=\"next\"");
  }
}
