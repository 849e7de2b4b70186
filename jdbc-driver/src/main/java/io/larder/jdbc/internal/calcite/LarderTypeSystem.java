package io.larder.jdbc.internal.calcite;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeName;

/** Sizes of types: texts and bytes without a bound, long decimals, times to the millisecond. */
final class LarderTypeSystem extends RelDataTypeSystemImpl {
  static final LarderTypeSystem INSTANCE = new LarderTypeSystem();

  /** Digits of a decimal whose precision nobody names; half of them behind the point. */
  static final int DECIMAL_PRECISION = 76;

  static final int DECIMAL_SCALE = 38;

  private LarderTypeSystem() {}

  @Override
  public int getMaxPrecision(SqlTypeName type) {
    return switch (type) {
      case DECIMAL -> DECIMAL_PRECISION;
      case CHAR, VARCHAR, BINARY, VARBINARY -> Integer.MAX_VALUE;
      default -> super.getMaxPrecision(type);
    };
  }

  @Override
  public int getMaxScale(SqlTypeName type) {
    return type == SqlTypeName.DECIMAL ? DECIMAL_SCALE : super.getMaxScale(type);
  }

  @Override
  public int getDefaultPrecision(SqlTypeName type) {
    return switch (type) {
      case VARCHAR, VARBINARY -> RelDataType.PRECISION_NOT_SPECIFIED;
      case TIME, TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> 3;
      default -> super.getDefaultPrecision(type);
    };
  }

  /** Otherwise a CASE of 'a' and 'abc' gives 'a' with two blanks. */
  @Override
  public boolean shouldConvertRaggedUnionTypesToVarying() {
    return true;
  }
}
