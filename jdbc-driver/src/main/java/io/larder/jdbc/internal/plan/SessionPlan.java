package io.larder.jdbc.internal.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement the connection carries out itself.
 *
 * @param command what to do
 * @param name the savepoint it names, or null
 */
public record SessionPlan(Command command, @Nullable String name) implements Plan {

  /** What a connection can be told in SQL. */
  public enum Command {
    BEGIN,
    COMMIT,
    ROLLBACK,
    SAVEPOINT,
    ROLLBACK_TO,
    RELEASE
  }

  @Override
  public List<ParameterInfo> parameters() {
    return List.of();
  }

  @Override
  public List<String> explain() {
    return List.of(command.toString());
  }
}
