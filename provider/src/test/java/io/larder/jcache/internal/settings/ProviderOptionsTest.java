package io.larder.jcache.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.InvalidOptionException;
import io.larder.engine.api.LarderUri;
import io.larder.engine.api.Option;
import io.larder.engine.api.SyncMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProviderOptionsTest {

  @ParameterizedTest
  @CsvSource({
    "expiry=30m, modified 30m",
    "expiry=accessed:30s, accessed 30s",
    "expiry=eternal, eternal",
    "expiry.created=1h, created 1h",
    "expiry.touched=PT2S, touched 2s",
    "expiry.modified=0ms, modified 0ms",
    "expiry=policy:com.acme.Fridays, policy com.acme.Fridays",
    "expiry.policy=com.acme.Week$Fridays, policy com.acme.Week$Fridays",
  })
  void expiry_isReadInEveryForm(String setting, String expected) {
    ManagerSettings settings = parse("larder:mem:x?cache.my.sessions." + setting);

    ExpirySetting expiry = settings.cache("my.sessions").expiry();

    assertThat(expiry).isNotNull();
    assertThat(expiry.text()).isEqualTo(expected);
    assertThat(ExpirySetting.parse(expiry.text())).isEqualTo(expiry);
  }

  @Test
  void everySetting_isRead() {
    CacheSettings settings =
        parse(
                "larder:mem:x?cache.c.statistics=on&cache.c.management=false&cache.c.key.type=Long"
                    + "&cache.c.value.type=java.util.UUID&cache.c.max.entries=1_000"
                    + "&cache.c.loader=com.acme.Load&cache.c.read.through=off"
                    + "&cache.c.writer=com.acme.Write&cache.c.write.through=on"
                    + "&cache.c.listeners=com.acme.Audit:sync:old:com.acme.Large,com.acme.Log"
                    + "&cache.c.store=reference&cache.c.sync=interval")
            .cache("c");

    assertThat(settings)
        .isEqualTo(
            new CacheSettings(
                null,
                1_000L,
                null,
                "com.acme.Load",
                false,
                "com.acme.Write",
                true,
                List.of(
                    new ListenerSetting("com.acme.Audit", "com.acme.Large", true, true),
                    new ListenerSetting("com.acme.Log", null, false, false)),
                true,
                false,
                false,
                SyncMode.INTERVAL,
                "Long",
                "java.util.UUID"));
    assertThat(parse("larder:mem:x?cache.c.max.bytes=64MB").cache("c").maxBytes())
        .isEqualTo(64L << 20);
  }

  @Test
  void patterns_fillInWhatTheNameLeavesOpen() {
    ManagerSettings settings =
        parse(
            "larder:mem:x?cache.*.statistics=on&cache.*.expiry=1h&cache.sessions-*.expiry=30m"
                + "&cache.sessions-*.max.entries=10&cache.sessions-eu.max.bytes=1MB"
                + "&cache.*-eu.sync=none");

    CacheSettings europe = settings.cache("sessions-eu");
    assertThat(europe.statistics()).isTrue();
    assertThat(europe.expiry()).isEqualTo(ExpirySetting.parse("30m"));
    assertThat(europe.maxEntries()).isNull();
    assertThat(europe.maxBytes()).isEqualTo(1L << 20);
    assertThat(europe.syncMode()).isEqualTo(SyncMode.NONE);
    assertThat(settings.cache("sessions-us").maxEntries()).isEqualTo(10);
    assertThat(settings.cache("baskets").expiry()).isEqualTo(ExpirySetting.parse("1h"));
    assertThat(settings.cacheNames()).containsExactly("sessions-eu");
  }

  @ParameterizedTest
  @CsvSource({
    "*, anything, true",
    "a*, a, true",
    "a*a, a, false",
    "a*b*c, axxbyyc, true",
    "a*b*c, acb, false",
    "*.Orders, com.acme.Orders, true",
    "*ab*ab, ab, false",
  })
  void patterns_matchWholeNames(String pattern, String name, boolean expected) {
    assertThat(ManagerSettings.matches(pattern, name)).isEqualTo(expected);
  }

  @Test
  void twoBounds_contradict() {
    assertThatThrownBy(() -> parse("larder:mem:x?cache.c.max.entries=5&cache.c.max.bytes=1MB"))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("cache.c.max.entries is '5'")
        .hasMessageContaining("cache.c.max.bytes is '1MB'");
  }

  @Test
  void classes_areChecked_togetherAndBeforeTheirCodeRuns() {
    ManagerSettings settings =
        parse(
            "larder:mem:x?cache.a.loader=com.acme.Missing&cache.a.writer=java.lang.String"
                + "&cache.b.listeners=java.util.ArrayList&cache.b.key.type=Longing");

    assertThatThrownBy(() -> settings.requireClasses(getClass().getClassLoader()))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("4 invalid options")
        .hasMessageContaining("cache.a.loader: found 'com.acme.Missing'")
        .hasMessageContaining("does not find")
        .hasMessageContaining("cache.a.writer: found 'java.lang.String', expected a class that")
        .hasMessageContaining("javax.cache.integration.CacheWriter")
        .hasMessageContaining("cache.b.listeners: found 'java.util.ArrayList'")
        .hasMessageContaining("cache.b.key.type: found 'java.lang.Longing'");
  }

  @Test
  void file_isReadLikeTheUri(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("caches.properties");
    Files.writeString(
        file,
        """
        sync = none
        cache.größen.expiry = 30m
        cache.c.max.entries = 7
        """);

    ManagerSettings settings = parse("larder:mem:x?config=" + file.toUri().getRawPath());

    assertThat(settings.uri().parameters()).containsOnlyKeys("sync");
    assertThat(settings.cacheNames()).containsExactly("c", "größen");
    assertThat(settings.cache("c").maxEntries()).isEqualTo(7);
  }

  @Test
  void faultsOfFileAndProperties_nameTheirPlace(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("caches.properties");
    Files.writeString(file, "cache.c.expiry = soon\nsync = none\n");
    Properties properties = new Properties();
    properties.setProperty("config", file.toString());
    properties.setProperty("cache.c.max.entries", "-1");
    LarderUri uri = LarderUri.parse("larder:mem:x?sync=always");

    assertThatThrownBy(() -> ProviderOptions.parse(uri, new Properties(), properties))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("cache.c.expiry: ")
        .hasMessageContaining("soon")
        .hasMessageContaining("cache.c.expiry is given in the file " + file)
        .hasMessageContaining("cache.c.max.entries is given in the properties")
        .hasMessageContaining("sync: the URI says 'always', the file " + file + " says 'none'");
    assertThatThrownBy(() -> parse("larder:mem:x?config=/no/such.file"))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("config: found '/no/such.file'");
  }

  @Test
  void unknownNames_areRefusedTogetherWithTheNearest() {
    assertThatThrownBy(() -> parse("larder:mem:x?cache.c.expire=30m&snyc=always&sync=perhaps"))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("3 invalid options")
        .hasMessageContaining("'cache.c.expire', did you mean 'cache.c.expiry'")
        .hasMessageContaining("'snyc', did you mean 'sync'")
        .hasMessageContaining("perhaps");
  }

  @Test
  void wrongValues_nameWhatWasExpected() {
    assertThatThrownBy(() -> parse("larder:mem:x?cache.c.expiry=soon&cache.c.statistics=maybe"))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("cache.c.expiry")
        .hasMessageContaining("soon")
        .hasMessageContaining("cache.c.statistics")
        .hasMessageContaining("expected true, false, on, off");
  }

  @Test
  void twoExpiries_contradict() {
    assertThatThrownBy(() -> parse("larder:mem:x?cache.c.expiry=30m&cache.c.expiry.accessed=30m"))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("cache.c.expiry.accessed");
  }

  @Test
  void properties_areReadLikeTheUri() {
    Properties properties = new Properties();
    properties.setProperty("sync", "none");
    properties.setProperty("cache.c.expiry", "30m");
    properties.setProperty("javax.cache.test.1", "theirs");

    ManagerSettings settings =
        ProviderOptions.parse(LarderUri.parse("larder:mem:x"), new Properties(), properties);

    assertThat(settings.uri().parameters()).containsOnlyKeys("sync");
    assertThat(settings.cache("c").expiry()).isEqualTo(ExpirySetting.parse("30m"));
  }

  @Test
  void propertiesAndUri_mustNotContradict() {
    Properties properties = new Properties();
    properties.setProperty("sync", "none");

    assertThatThrownBy(
            () ->
                ProviderOptions.parse(
                    LarderUri.parse("larder:mem:x?sync=always"), new Properties(), properties))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("'always'")
        .hasMessageContaining("'none'");
  }

  @Test
  void manual_namesEverySetting() throws IOException {
    String manual = Files.readString(Path.of("..", "docs", "jcache.md"));

    for (Option<?> option : ProviderOptions.ofCache()) {
      assertThat(manual).contains("`" + option.name() + "`");
    }
    for (Option<?> option : ProviderOptions.ofManager()) {
      assertThat(manual).contains("| `" + option.name() + "` |");
    }
  }

  private static ManagerSettings parse(String uri) {
    return ProviderOptions.parse(LarderUri.parse(uri), new Properties(), new Properties());
  }
}
