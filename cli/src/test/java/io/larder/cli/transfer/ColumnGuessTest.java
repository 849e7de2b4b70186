package io.larder.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.tables.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnGuessTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true,FALSE,                      | BOOLEAN",
        "1,-2,9223372036854775807         | BIGINT",
        "9223372036854775808              | DECIMAL",
        "1.50,2                           | DECIMAL",
        "007,1                            | VARCHAR",
        "+1                               | VARCHAR",
        "1e5                              | VARCHAR",
        "2026-02-28                       | DATE",
        "2026-02-30                       | VARCHAR",
        "2026-02-28 10:00:00              | TIMESTAMP",
        "2026-02-28T10:00                 | TIMESTAMP",
        "true,1                           | VARCHAR",
      })
  void type_isNarrowestThatLosesNothing(String texts, DataType expected) {
    ColumnGuess guess = new ColumnGuess();
    for (String text : texts.strip().split(",", -1)) {
      guess.see(text);
    }
    assertThat(guess.type()).isEqualTo(expected);
  }

  @Test
  void type_onlyEmptyTexts_isText() {
    ColumnGuess guess = new ColumnGuess();
    guess.see("");
    assertThat(guess.type()).isEqualTo(DataType.VARCHAR);
  }
}
