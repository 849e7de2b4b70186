package io.larder.jcache.tck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * What a run of the TCK left in its report directory. Immutable.
 *
 * @param testCount how many tests ran, skipped ones not counted
 * @param skipped the tests that were skipped, as {@code Class#method}
 * @param failed the tests that failed or erred
 * @param excluded the tests whose bodies the TCK replaced by a line of output, which counts as passed
 */
record TckReports(
    int testCount,
    NavigableSet<String> skipped,
    NavigableSet<String> failed,
    NavigableSet<String> excluded) {
  private static final Pattern EXCLUSION = Pattern.compile("EXCLUDING TEST '([^']*)'\\s+'([^']*)'");
  private static final String EXCLUSION_MARK = "EXCLUDING TEST";

  static TckReports read(Path directory) {
    int testCount = 0;
    NavigableSet<String> skipped = new TreeSet<>();
    NavigableSet<String> failed = new TreeSet<>();
    NavigableSet<String> excluded = new TreeSet<>();
    for (Path report : files(directory, "TEST-*.xml")) {
      NodeList tests = parse(report).getElementsByTagName("testcase");
      for (int index = 0; index < tests.getLength(); index++) {
        Element test = (Element) tests.item(index);
        String name = test.getAttribute("classname") + "#" + test.getAttribute("name");
        if (!name.startsWith(TckReports.class.getPackageName())) {
          boolean isSkipped = test.getElementsByTagName("skipped").getLength() > 0;
          testCount += isSkipped ? 0 : 1;
          if (isSkipped) {
            skipped.add(name);
          } else if (test.getElementsByTagName("failure").getLength() > 0
              || test.getElementsByTagName("error").getLength() > 0) {
            failed.add(name);
          }
        }
      }
    }
    for (Path output : files(directory, "*-output.txt")) {
      text(output)
          .lines()
          .filter(line -> line.contains(EXCLUSION_MARK))
          .forEach(line -> excluded.add(excludedTest(line)));
    }
    return new TckReports(testCount, skipped, failed, excluded);
  }

  private static String excludedTest(String line) {
    Matcher matcher = EXCLUSION.matcher(line);
    return matcher.find() ? matcher.group(1) + "#" + matcher.group(2) : line;
  }

  private static List<Path> files(Path directory, String pattern) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, pattern)) {
      stream.forEach(files::add);
    } catch (IOException e) {
      throw new UncheckedIOException("The TCK left no reports in " + directory, e);
    }
    return files;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Element parse(Path report) {
    try {
      return DocumentBuilderFactory.newDefaultInstance()
          .newDocumentBuilder()
          .parse(report.toFile())
          .getDocumentElement();
    } catch (IOException | SAXException | ParserConfigurationException e) {
      throw new IllegalStateException("Not a test report: " + report, e);
    }
  }
}
