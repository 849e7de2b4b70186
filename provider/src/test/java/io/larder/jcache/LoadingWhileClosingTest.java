package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CompletionListener;
import javax.cache.integration.CompletionListenerFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class LoadingWhileClosingTest {
  private final TestCaches caches = TestCaches.inMemory();
  private final GatedLoader loader = new GatedLoader();
  private final Cache<String, String> cache =
      caches.create(TestCaches.strings().setCacheLoaderFactory(() -> loader));

  @AfterEach
  void close() {
    loader.gate.countDown();
    caches.close();
  }

  @Test
  void close_waitsForTheLoadUnderWayAndClosesTheLoaderAfterwards() throws Exception {
    CompletionListenerFuture done = new CompletionListenerFuture();
    cache.loadAll(Set.of("a"), true, done);
    loader.entered.await();

    CompletableFuture<Void> closing = CompletableFuture.runAsync(cache::close);
    Awaitility.await().until(cache::isClosed);
    assertThat(loader.closed).isFalse();
    loader.gate.countDown();

    closing.get(10, TimeUnit.SECONDS);
    assertThat(loader.closed).isTrue();
    assertThat(loader.calledAfterClose).isFalse();
    done.get(10, TimeUnit.SECONDS);
  }

  @Test
  void close_refusesTheLoadsThatWait() throws Exception {
    cache.loadAll(Set.of("a"), true, null);
    loader.entered.await();
    CompletionListenerFuture waiting = new CompletionListenerFuture();
    cache.loadAll(Set.of("b"), true, waiting);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(cache::close);

    assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(CacheException.class)
        .hasMessageContaining("is closed");
    loader.gate.countDown();
    closing.get(10, TimeUnit.SECONDS);
    assertThat(loader.loads).hasValue(1);
  }

  @Test
  void managerClose_givesTheDirectoryBackWhateverAListenerThrows(@TempDir Path directory)
      throws Exception {
    URI uri = TestCaches.uri(directory, "sync=none");
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      CacheManager manager = provider.getCacheManager(uri, getClass().getClassLoader());
      Cache<String, String> durable =
          manager.createCache("cache", TestCaches.strings().setCacheLoaderFactory(() -> loader));
      durable.loadAll(Set.of("a"), true, null);
      loader.entered.await();
      durable.loadAll(Set.of("b"), true, new ThrowingListener());
      CompletionListenerFuture last = new CompletionListenerFuture();
      durable.loadAll(Set.of("c"), true, last);

      CompletableFuture<Void> closing = CompletableFuture.runAsync(manager::close);
      assertThatThrownBy(() -> last.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(CacheException.class);
      loader.gate.countDown();
      closing.get(10, TimeUnit.SECONDS);

      Path unlocked = directory.resolveSibling(directory.getFileName() + "-moved");
      Files.move(directory, unlocked);
      URI moved = TestCaches.uri(unlocked, "sync=none");
      provider.getCacheManager(moved, getClass().getClassLoader()).close();
      Files.move(unlocked, directory);
    }
  }

  @Test
  void close_byTheLoaderItselfDoesNotWaitForItself() throws Exception {
    loader.gate.countDown();
    loader.onLoad = cache::close;
    CompletionListenerFuture done = new CompletionListenerFuture();
    long start = System.nanoTime();

    cache.loadAll(Set.of("a"), true, done);
    done.get(10, TimeUnit.SECONDS);

    assertThat(cache.isClosed()).isTrue();
    assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(4_000);
  }

  @Test
  void error_inALoaderReachesWhoeverWaits() {
    loader.gate.countDown();
    loader.onLoad =
        () -> {
          throw new AssertionError("from the loader");
        };
    CompletionListenerFuture done = new CompletionListenerFuture();

    cache.loadAll(Set.of("a"), true, done);

    assertThatThrownBy(() -> done.get(10, TimeUnit.SECONDS)).hasRootCauseMessage("from the loader");
  }

  /** Throws whatever it is told. */
  private static final class ThrowingListener implements CompletionListener {
    @Override
    public void onCompletion() {
      throw new IllegalStateException("from the completion listener");
    }

    @Override
    public void onException(Exception e) {
      throw new IllegalStateException("from the completion listener", e);
    }
  }

  /** Waits for a gate in each load, and notes calls after it was closed. */
  private static final class GatedLoader implements CacheLoader<String, String>, Closeable {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch gate = new CountDownLatch(1);
    final AtomicInteger loads = new AtomicInteger();
    final AtomicBoolean closed = new AtomicBoolean();
    final AtomicBoolean calledAfterClose = new AtomicBoolean();
    volatile Runnable onLoad = () -> {};

    @Override
    public String load(String key) {
      if (closed.get()) {
        calledAfterClose.set(true);
      }
      return "loaded " + key;
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      loads.incrementAndGet();
      entered.countDown();
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      onLoad.run();
      Map<String, String> loaded = new HashMap<>();
      keys.forEach(key -> loaded.put(key, load(key)));
      return loaded;
    }

    @Override
    public void close() {
      closed.set(true);
    }
  }
}
