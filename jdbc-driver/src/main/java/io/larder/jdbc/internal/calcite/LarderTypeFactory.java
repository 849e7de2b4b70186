package io.larder.jdbc.internal.calcite;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;

/** The factory of types; texts are Unicode. */
final class LarderTypeFactory extends JavaTypeFactoryImpl {

  LarderTypeFactory() {
    super(LarderTypeSystem.INSTANCE);
  }

  @Override
  public Charset getDefaultCharset() {
    return StandardCharsets.UTF_8;
  }
}
