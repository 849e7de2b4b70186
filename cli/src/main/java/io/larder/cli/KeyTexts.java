package io.larder.cli;

import io.larder.cli.access.NotFoundException;
import io.larder.cli.access.OpenedDatabase;
import io.larder.cli.access.Target;
import io.larder.cli.text.ByteText;
import io.larder.cli.text.ValueText;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.RepairReport;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a repair tells of, as people read them: by the types of their table where the repaired database still knows
 * them, otherwise their bytes. Used by one thread, which closes it.
 */
final class KeyTexts implements AutoCloseable {
  private final @Nullable OpenedDatabase repaired;
  private final Map<String, @Nullable Target> targets = new HashMap<>();

  private KeyTexts(@Nullable OpenedDatabase repaired) {
    this.repaired = repaired;
  }

  /** Returns the keys of a report; the database it has made is opened if any key of it is to be shown. */
  static KeyTexts of(RepairReport report) {
    if (report.losses().stream().allMatch(each -> each.after() == null && each.before() == null)) {
      return new KeyTexts(null);
    }
    try {
      return new KeyTexts(OpenedDatabase.existing(OpenedDatabase.uri(report.target().toString())));
    } catch (LarderException e) {
      return new KeyTexts(null); // what is lost can be told all the same
    }
  }

  /** Returns a key of a keyspace in one line. */
  String text(String keyspace, byte[] key) {
    Target target = targets.computeIfAbsent(keyspace, this::find);
    return ValueText.oneLine(target == null ? ByteText.show(key, false) : target.keyText(key));
  }

  private @Nullable Target find(String keyspace) {
    try {
      return repaired == null ? null : repaired.target(keyspace, false);
    } catch (NotFoundException e) {
      return null;
    }
  }

  @Override
  public void close() {
    if (repaired != null) {
      repaired.close();
    }
  }
}
