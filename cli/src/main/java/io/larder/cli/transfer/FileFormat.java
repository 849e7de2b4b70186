package io.larder.cli.transfer;

import java.nio.file.Path;
import java.util.Locale;

/** The forms of files. */
public enum FileFormat {
  /** Fields behind a header line, as RFC 4180 has it. */
  CSV,
  /** One JSON object a line. */
  JSONL;

  /** Returns what the name of a file says; CSV if it says nothing. */
  public static FileFormat of(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json")
        ? JSONL
        : CSV;
  }
}
