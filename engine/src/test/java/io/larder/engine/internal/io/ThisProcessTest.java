package io.larder.engine.internal.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThisProcessTest {
  @Test
  void id_isTheOneOthersKnow() {
    assertThat(ThisProcess.id()).isEqualTo(ProcessHandle.current().pid());
  }

  @Test
  void host_isANameOfOneLine() {
    assertThat(ThisProcess.host()).isNotBlank().doesNotContain("\n");
  }
}
