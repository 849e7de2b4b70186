package io.larder.benchmarks.jdbc;

import io.larder.benchmarks.harness.Contestant;
import io.larder.benchmarks.harness.Group;
import io.larder.benchmarks.harness.RunSettings;
import io.larder.benchmarks.harness.Session;
import io.larder.benchmarks.harness.Step;
import java.nio.file.Path;
import java.util.List;

/** Embedded SQL databases against each other, on files. */
public final class SqlGroup implements Group {

  /** Rows of SQL cost more than entries of an engine; a tenth of them tells as much. */
  private static final int ENTRIES_A_ROW = 10;

  private final List<SqlContestant> products = SqlContestant.all();

  @Override
  public String name() {
    return "jdbc";
  }

  @Override
  public String title() {
    return "embedded SQL on files: a tenth of the entries as rows of five columns, 130 bytes";
  }

  @Override
  public List<Contestant> contestants() {
    return products.stream().map(SqlContestant::description).toList();
  }

  @Override
  public List<Step> steps(RunSettings settings) {
    return SqlWorkload.steps();
  }

  @Override
  public Session open(String contestant, RunSettings settings, Path directory) {
    for (SqlContestant product : products) {
      if (product.description().id().equals(contestant)) {
        return new SqlSession(
            product,
            settings.withEntries(Math.max(1, settings.entries() / ENTRIES_A_ROW)),
            directory);
      }
    }
    throw new IllegalArgumentException("no SQL database is called " + contestant);
  }
}
