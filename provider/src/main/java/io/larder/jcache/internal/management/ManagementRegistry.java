package io.larder.jcache.internal.management;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import javax.cache.CacheException;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The beans of one cache in the platform's MBean server. Thread-safe; owned by the cache, which unregisters
 * all of them when it is closed.
 *
 * <p>Names are {@code javax.cache:type=...,CacheManager=URI,Cache=NAME} with the characters a name cannot hold
 * ({@code , : = " * ?} and line breaks) written as dots. If another manager of the same URI shows a cache of
 * that name already, the first stays and this one is not shown.
 */
public final class ManagementRegistry {
  private static final Logger LOGGER = System.getLogger(ManagementRegistry.class.getName());

  /** The kinds of beans the standard knows. */
  public enum Kind {
    /** Shows the configuration. */
    CONFIGURATION("CacheConfiguration"),
    /** Shows the counters. */
    STATISTICS("CacheStatistics");

    private final String type;

    Kind(String type) {
      this.type = type;
    }
  }

  private final URI managerUri;
  private final String cacheName;
  private final ReentrantLock lock = new ReentrantLock(); // guards registered
  private final Map<Kind, ObjectName> registered = new EnumMap<>(Kind.class);

  /** Creates a registry without beans. */
  public ManagementRegistry(URI managerUri, String cacheName) {
    this.managerUri = managerUri;
    this.cacheName = cacheName;
  }

  /** Registers a bean, if it is not registered yet. */
  public void register(Kind kind, Object bean) {
    lock.lock();
    try {
      if (!registered.containsKey(kind)) {
        ObjectName name = name(kind);
        ManagementFactory.getPlatformMBeanServer().registerMBean(bean, name);
        registered.put(kind, name);
      }
    } catch (InstanceAlreadyExistsException e) {
      LOGGER.log(Level.INFO, "{0} is shown by another manager already", name(kind));
    } catch (JMException e) {
      throw new CacheException("Cannot register " + name(kind), e);
    } finally {
      lock.unlock();
    }
  }

  /** Unregisters a bean, if it is registered. */
  public void unregister(Kind kind) {
    lock.lock();
    try {
      ObjectName name = registered.remove(kind);
      if (name != null) {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
      }
    } catch (InstanceNotFoundException e) {
      LOGGER.log(Level.DEBUG, "{0} was unregistered by somebody else", name(kind));
    } catch (JMException e) {
      throw new CacheException("Cannot unregister " + name(kind), e);
    } finally {
      lock.unlock();
    }
  }

  private ObjectName name(Kind kind) {
    String text =
        "javax.cache:type="
            + kind.type
            + ",CacheManager="
            + sanitized(managerUri.toString())
            + ",Cache="
            + sanitized(cacheName);
    try {
      return new ObjectName(text);
    } catch (JMException e) {
      throw new CacheException("Not a name for a bean: " + text, e);
    }
  }

  /** Returns a text with dots for all that the value of a bean's name cannot hold. */
  static String sanitized(String text) {
    return text.replaceAll("[,:=\"*?\\r\\n]", ".");
  }
}
