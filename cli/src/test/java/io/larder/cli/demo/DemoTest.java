package io.larder.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job, end to end, with a real child process and a real SIGKILL. */
@Tag("long")
class DemoTest {

  @TempDir Path directory;

  @Test
  void demo_holds() throws Exception {
    StringWriter out = new StringWriter();

    boolean held = new Demo(new PrintWriter(out, true), directory).run();

    assertThat(held).as(out.toString()).isTrue();
    assertThat(out.toString()).contains("killed in mid-load").doesNotContain("FAILS");
  }
}
