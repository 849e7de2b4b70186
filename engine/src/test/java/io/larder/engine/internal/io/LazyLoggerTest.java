package io.larder.engine.internal.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class LazyLoggerTest {
  @Test
  void log_inEachForm_arrivesWithLoggerCallerAndCause() {
    List<LogRecord> records = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            entry.getSourceMethodName(); // is found now, or never
            records.add(entry);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger target = Logger.getLogger(LazyLoggerTest.class.getName());
    target.setUseParentHandlers(false);
    target.addHandler(handler);
    System.Logger logger = LazyLogger.of(LazyLoggerTest.class);
    Exception cause = new Exception("cause");
    try {
      logger.log(System.Logger.Level.WARNING, "text");
      logger.log(System.Logger.Level.WARNING, "with {0}", "parameter");
      logger.log(System.Logger.Level.WARNING, "because", cause);
      logger.log(System.Logger.Level.WARNING, () -> "made");
      logger.log(System.Logger.Level.WARNING, () -> "made because", cause);
      logger.log(System.Logger.Level.TRACE, "not heard");
    } finally {
      target.removeHandler(handler);
    }
    assertThat(logger.getName()).isEqualTo(LazyLoggerTest.class.getName());
    assertThat(logger.isLoggable(System.Logger.Level.TRACE)).isFalse();
    assertThat(records)
        .extracting(LogRecord::getMessage)
        .containsExactly("text", "with {0}", "because", "made", "made because");
    assertThat(records.get(1).getParameters()).containsExactly("parameter");
    assertThat(records.get(2).getThrown()).isSameAs(cause);
    assertThat(records)
        .allSatisfy(
            entry -> {
              assertThat(entry.getLoggerName()).isEqualTo(LazyLoggerTest.class.getName());
              assertThat(entry.getSourceClassName()).isEqualTo(LazyLoggerTest.class.getName());
            });
  }
}
