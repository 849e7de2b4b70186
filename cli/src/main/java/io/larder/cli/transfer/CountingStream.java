package io.larder.cli.transfer;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that is read as UTF-8, without the mark some programs put before it, and counts its bytes.
 */
final class CountingStream extends FilterInputStream {
  private static final int[] BYTE_ORDER_MARK = {0xEF, 0xBB, 0xBF};

  private long count;

  private CountingStream(InputStream input) {
    super(input);
  }

  static CountingStream open(Path file) throws IOException {
    BufferedInputStream input = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    CountingStream stream = new CountingStream(input);
    input.mark(BYTE_ORDER_MARK.length);
    for (int expected : BYTE_ORDER_MARK) {
      if (input.read() != expected) {
        input.reset();
        return stream;
      }
    }
    stream.count = BYTE_ORDER_MARK.length;
    return stream;
  }

  /** Returns a reader that fails on bytes that are not UTF-8 instead of changing them. */
  Reader reader() {
    return new InputStreamReader(
        this,
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT));
  }

  long count() {
    return count;
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    if (value >= 0) {
      count++;
    }
    return value;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = super.read(target, offset, length);
    if (read > 0) {
      count += read;
    }
    return read;
  }
}
