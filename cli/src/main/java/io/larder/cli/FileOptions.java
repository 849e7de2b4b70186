package io.larder.cli;

import io.larder.cli.transfer.FileFormat;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a file of rows is written: the options of export and import. Used by one thread. */
final class FileOptions {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "csv or jsonl (default: what the name of the file ends with, else csv).")
  private @Nullable FileFormat format;

  @Option(
      names = "--delimiter",
      paramLabel = "CHAR",
      defaultValue = ",",
      converter = DelimiterConverter.class,
      description =
          "What separates fields in CSV, tab for a tabulator (default: ${DEFAULT-VALUE}).")
  private char delimiter;

  /** Returns the format asked for, or that of a file's name, or CSV without one. */
  FileFormat format(@Nullable Path file) {
    if (format != null) {
      return format;
    }
    return file == null ? FileFormat.CSV : FileFormat.of(file);
  }

  char delimiter() {
    return delimiter;
  }
}
