package io.larder.jcache.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.InvalidOptionException;
import io.larder.engine.api.LarderUri;
import java.util.Properties;
import org.junit.jupiter.api.Test;
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
                    + "&cache.c.value.type=java.util.UUID")
            .cache("c");

    assertThat(settings).isEqualTo(new CacheSettings(null, true, false, "Long", "java.util.UUID"));
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

    ManagerSettings settings = ProviderOptions.parse(LarderUri.parse("larder:mem:x"), properties);

    assertThat(settings.uri().parameters()).containsOnlyKeys("sync");
    assertThat(settings.cache("c").expiry()).isEqualTo(ExpirySetting.parse("30m"));
  }

  @Test
  void propertiesAndUri_mustNotContradict() {
    Properties properties = new Properties();
    properties.setProperty("sync", "none");

    assertThatThrownBy(
            () -> ProviderOptions.parse(LarderUri.parse("larder:mem:x?sync=always"), properties))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("'always'")
        .hasMessageContaining("'none'");
  }

  private static ManagerSettings parse(String uri) {
    return ProviderOptions.parse(LarderUri.parse(uri), new Properties());
  }
}
