package io.larder.cli;

import io.larder.cli.access.OpenedDatabase;
import io.larder.cli.terminal.Amounts;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.LarderUri;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Hands the log to an archive. */
@Command(
    name = "archive",
    header = "hand all of the log to an archive",
    description = {
      "Writes what is in memory into tables and hands every segment of the log that the archive has"
          + " not got to it, so that a backup and the archive together lead to this moment. The"
          + " database must be closed: an application that opens it with wal.archive=DIR does this"
          + " by itself, segment by segment.",
      "An archive keeps the logs of many databases apart, but belongs to one directory of each: a"
          + " restored copy needs an archive of its own."
    },
    footer = {
      "  larder wal archive /var/lib/shop --to /backup/shop-wal",
      "  larder wal archive 'larder:/var/lib/shop?wal.archive=/backup/shop-wal'"
    })
final class WalArchiveCommand extends DatabaseCommand {

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "The archive; created if it is missing (default: the option wal.archive).")
  private @Nullable Path directory;

  @Override
  LarderUri uri() {
    LarderUri uri = super.uri();
    return directory == null
        ? uri
        : uri.with(EngineOptions.WAL_ARCHIVE.name(), directory.toString());
  }

  @Override
  int run(OpenedDatabase opened) {
    opened.database().archiveLog();
    long sequence = opened.database().statistics().visibleSequence();
    long segments = opened.database().statistics().get("wal.segments.archived");
    if (json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("segments", segments);
      json.put("sequence", sequence);
      printJson(json);
    } else {
      out()
          .printf(
              Locale.ROOT,
              "%s archived; the archive reaches sequence number %,d%n",
              Amounts.count(segments, "segment", "segments"),
              sequence);
    }
    return ExitCodes.OK;
  }
}
