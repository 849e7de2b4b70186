package io.larder.jcache.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CompletionListener;
import javax.cache.management.CacheMXBean;
import javax.cache.management.CacheStatisticsMXBean;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorResult;
import javax.cache.processor.MutableEntry;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Holds the page about conformance against what it speaks of: tests that exist, and all of the API. */
final class ConformancePageTest {
  private static final Path PAGE = Path.of("..", "docs", "jcache-conformance.md");
  private static final List<Path> OUR_TESTS =
      List.of(
          Path.of("..", "provider", "src", "test", "java"),
          Path.of("..", "samples", "src", "test", "java"));
  private static final Pattern TEST = Pattern.compile("`(tck:)?([A-Z]\\w*Test1?)(?:#(\\w+))?`");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /** What a provider implements or calls; the rest of the API comes with it. */
  private static final List<Class<?>> API =
      List.of(
          CachingProvider.class,
          CacheManager.class,
          Cache.class,
          Cache.Entry.class,
          Configuration.class,
          CompleteConfiguration.class,
          CacheEntryListenerConfiguration.class,
          ExpiryPolicy.class,
          CacheLoader.class,
          CacheWriter.class,
          CompletionListener.class,
          EntryProcessor.class,
          EntryProcessorResult.class,
          MutableEntry.class,
          CacheEntryEvent.class,
          CacheEntryEventFilter.class,
          CacheEntryCreatedListener.class,
          CacheEntryUpdatedListener.class,
          CacheEntryRemovedListener.class,
          CacheEntryExpiredListener.class,
          CacheMXBean.class,
          CacheStatisticsMXBean.class);

  @Test
  void everyRow_namesTestsThatExist() throws Exception {
    List<String> tckClasses = tckClasses();
    List<String> problems = new ArrayList<>();
    int rows = 0;
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("| ")
          && !line.startsWith("| Rule |")
          && !line.startsWith("| Promise |")) {
        rows++;
        List<String> columns = List.of(line.split(" \\| "));
        String tests = columns.get(columns.size() - 1);
        if (columns.size() != 3 || !TEST.matcher(tests).find()) {
          problems.add("no test in the third column: " + line);
        }
        Matcher matcher = TEST.matcher(tests);
        while (matcher.find()) {
          boolean exists =
              matcher.group(1) == null
                  ? isOurTest(matcher.group(2), matcher.group(3))
                  : isTckTest(tckClasses, matcher.group(2), matcher.group(3));
          if (!exists) {
            problems.add(matcher.group() + " does not exist");
          }
        }
        if (!TEST.matcher(tests).replaceAll("").replace("|", "").isBlank()) {
          problems.add("not only tests in the third column: " + tests);
        }
      }
    }

    assertThat(problems).isEmpty();
    assertThat(rows).isGreaterThan(60);
  }

  @Test
  void everyClassOfTheTck_isNamed() throws Exception {
    NavigableSet<String> named = new TreeSet<>();
    Matcher matcher = TEST.matcher(Files.readString(PAGE));
    while (matcher.find()) {
      if (matcher.group(1) != null) {
        named.add(matcher.group(2));
      }
    }

    NavigableSet<String> all = new TreeSet<>();
    for (String name : tckClasses()) {
      Class<?> type = load(name);
      if (!Modifier.isAbstract(type.getModifiers())
          && Stream.of(type.getMethods()).anyMatch(ConformancePageTest::isTest)) {
        all.add(type.getSimpleName());
      }
    }
    assertThat(named).isEqualTo(all);
  }

  @Test
  void everyMethodOfTheApi_isNamed() throws IOException {
    NavigableSet<String> named = new TreeSet<>();
    Matcher matcher = CODE.matcher(Files.readString(PAGE));
    while (matcher.find()) {
      named.addAll(Arrays.asList(matcher.group(1).split("\\W+")));
    }

    for (Class<?> type : API) {
      for (Method method : type.getDeclaredMethods()) {
        if (Modifier.isPublic(method.getModifiers())) {
          assertThat(named).as(type.getSimpleName()).contains(method.getName());
        }
      }
    }
  }

  private static boolean isTckTest(
      List<String> classes, String simpleName, @Nullable String method) {
    return classes.stream()
        .filter(name -> name.endsWith("." + simpleName))
        .map(ConformancePageTest::load)
        .anyMatch(type -> method == null || hasTest(type, method));
  }

  private static boolean hasTest(Class<?> type, String name) {
    return Stream.of(type.getMethods())
        .anyMatch(method -> isTest(method) && method.getName().equals(name));
  }

  private static boolean isTest(Method method) {
    return method.isAnnotationPresent(org.junit.Test.class);
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, ConformancePageTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(name, e);
    }
  }

  /** The names of the TCK's classes, from the jar they come in. */
  private static List<String> tckClasses() throws IOException, URISyntaxException {
    Path jar =
        Path.of(
            org.jsr107.tck.CacheTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.matches("[^$]*Test1?\\.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .toList();
    }
  }

  /** Looks at the source: a member with a test annotation, between two blank lines. */
  private static boolean isOurTest(String simpleName, @Nullable String method) throws IOException {
    Pattern pattern = Pattern.compile("\n\n(?:[^\n]+\n)*?[^\n]*\\bvoid " + method + "\\(");
    for (Path root : OUR_TESTS) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(path -> path.endsWith(simpleName + ".java")).toList()) {
          Matcher member = pattern.matcher(Files.readString(file));
          while (member.find()) {
            if (member.group().contains("@Test") || member.group().contains("@ParameterizedTest")) {
              return true;
            }
          }
        }
      }
    }
    return false;
  }
}
