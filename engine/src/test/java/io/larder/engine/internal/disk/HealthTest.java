package io.larder.engine.internal.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

final class HealthTest {

  /** Whoever failed must not end because of somebody's handler: a thread of the database may be what fails. */
  @Test
  void fail_whenItCannotBeLogged_keepsBoth() {
    Error ofHandler = new LinkageError("of the handler");
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord told) {
            throw ofHandler;
          }

          @Override
          public void flush() {
            // nothing is kept
          }

          @Override
          public void close() {
            // nothing is open
          }
        };
    Logger logger = Logger.getLogger(Health.class.getName());
    logger.addHandler(handler);
    try {
      Health health = new Health(Path.of("/data/told"));
      IOException failure = new IOException("of the disk");
      health.fail(failure);
      assertThat(health.failure()).isSameAs(failure);
      assertThat(failure).hasSuppressedException(ofHandler);
    } finally {
      logger.removeHandler(handler);
    }
  }
}
