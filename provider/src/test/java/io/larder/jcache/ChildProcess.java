package io.larder.jcache;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheManager;

/**
 * A JVM of its own that puts numbered entries into a durable cache, and says so on its output after each put has
 * returned. Killed by whoever started it.
 */
final class ChildProcess implements AutoCloseable {
  private final Process process;
  private final Path output;

  private ChildProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts one whose output goes into a file, since a pipe would not outlive the kill. */
  static ChildProcess start(Path directory, Path output, long putCount) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                ChildProcess.class.getName(),
                TestCaches.uri(directory, "sync=always").toString(),
                Long.toString(putCount))
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new ChildProcess(process, output);
  }

  long pid() {
    return process.pid();
  }

  /** Waits until the put of a number has returned. */
  void awaitAcknowledged(long number) {
    await().atMost(Duration.ofSeconds(60)).until(() -> lastAcknowledged() >= number);
  }

  /** Kills the process, without a chance to close anything, and returns the last number acknowledged. */
  long kill() throws IOException, InterruptedException {
    process.destroyForcibly();
    process.waitFor();
    return lastAcknowledged();
  }

  private long lastAcknowledged() throws IOException {
    String text = Files.readString(output);
    String whole = text.substring(0, text.lastIndexOf('\n') + 1).stripTrailing();
    return whole.isEmpty() ? -1 : Long.parseLong(whole.substring(whole.lastIndexOf('\n') + 1));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** The child: arguments are the URI and the number of puts, after which it waits to be killed. */
  public static void main(String[] arguments) throws Exception {
    CacheManager manager =
        new LarderCachingProvider()
            .getCacheManager(
                URI.create(arguments[0]), ChildProcess.class.getClassLoader(), new Properties());
    Cache<String, String> cache = manager.createCache("cache", TestCaches.strings());
    long count = Long.parseLong(arguments[1]);
    for (long number = 0; number < count; number++) {
      cache.put("key " + number, "value " + number);
      System.out.println(number);
    }
    System.in.read();
  }
}
