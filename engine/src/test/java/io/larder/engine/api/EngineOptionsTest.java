package io.larder.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EngineOptionsTest {
  @Test
  void validate_listsEveryViolationWithTheNearestName() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("snyc", "always");
    parameters.put("wal.segment", "ten");
    parameters.put("key.limit", "9GB");
    parameters.put("sync", "sometimes");
    assertThatThrownBy(() -> EngineOptions.validate(parameters, EngineOptions.all()))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("4 invalid options")
        .hasMessageContaining("unknown option 'snyc', did you mean 'sync'?")
        .hasMessageContaining("wal.segment: found 'ten'")
        .hasMessageContaining("key.limit: found '9GB', expected a size from 1 to 32KB")
        .hasMessageContaining("sync: found 'sometimes', expected always, interval, none");
  }

  @Test
  void everyDefault_isTakenByItsOwnParser() {
    assertThat(EngineOptions.all())
        .allSatisfy(
            option ->
                assertThat(EngineOptions.valueViolation(option, option.defaultText())).isNull());
  }

  @Test
  void databaseOptions_readsOnlyItsOwnNames() {
    DatabaseOptions options =
        DatabaseOptions.of(
            Map.of("sync", "interval", "sync.interval", "1s", "cache.a.expiry", "3m"));
    assertThat(options.syncMode()).isEqualTo(SyncMode.INTERVAL);
    assertThat(options.syncInterval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(options.given()).containsOnlyKeys("sync", "sync.interval");
    assertThat(options.keyLimitBytes()).isEqualTo(1024);
  }

  @ParameterizedTest
  @CsvSource({"10MB, 10485760", "1kb, 1024", "512, 512", "2 G, 2147483648", "0, 0"})
  void sizes_parse(String text, long bytes) {
    assertThat(Sizes.parse(text)).isEqualTo(bytes);
    assertThat(Sizes.parse(Sizes.format(bytes))).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "100ms, 100",
    "30s, 30000",
    "5m, 300000",
    "2h, 7200000",
    "1d, 86400000",
    "PT30S, 30000"
  })
  void durations_parse(String text, long millis) {
    assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
    assertThat(Durations.parse(Durations.format(Duration.ofMillis(millis))))
        .isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({"-1s", "10", "ten seconds", "99999999999999999999s", "-PT1S"})
  void durations_badText_saysWhatWasExpected(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found '" + text + "', expected");
  }

  @ParameterizedTest
  @CsvSource({"MB", "-1", "1PB", "99999999999999999999", "9999999999TB"})
  void sizes_badText_saysWhatWasExpected(String text) {
    assertThatThrownBy(() -> Sizes.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found '" + text + "'");
  }
}
