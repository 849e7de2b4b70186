package io.larder.tables;

import io.larder.engine.api.CorruptionException;
import java.util.ArrayList;
import java.util.List;

/** A dictionary without a database. */
final class MapDictionary implements TypeDictionary {
  private final List<RowType> types = new ArrayList<>();

  @Override
  public synchronized int numberOf(RowType type) {
    if (!types.contains(type)) {
      types.add(type);
    }
    return types.indexOf(type) + 1;
  }

  @Override
  public synchronized RowType typeOf(long number) {
    if (number < 1 || number > types.size()) {
      throw new CorruptionException("a value refers to type " + number);
    }
    return types.get((int) number - 1);
  }
}
