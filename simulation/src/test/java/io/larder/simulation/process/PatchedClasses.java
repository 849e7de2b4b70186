package io.larder.simulation.process;

import static net.bytebuddy.matcher.ElementMatchers.isPublic;
import static net.bytebuddy.matcher.ElementMatchers.namedOneOf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;

/**
 * The classes of the real file system with calls of the {@link KillSwitch} in them, to stand first on the class path of
 * a process that is to die. So a kill comes between two calls of the JDK wherever the database is opened from, and the
 * engine needs no hook for it. Stateless.
 */
final class PatchedClasses {
  private static final String PACKAGE = "io.larder.engine.internal.io.";
  private static final List<String> TYPES =
      List.of("LocalFile", "LocalFileSystem", "LocalWritableRegion");

  /** Calls that change something, by name. */
  private static final String[] CALLS = {
    "open",
    "write",
    "truncate",
    "preallocate",
    "sync",
    "createDirectories",
    "rename",
    "link",
    "delete",
    "syncDirectory",
    "lock"
  };

  private PatchedClasses() {}

  /** Writes the classes under a directory. */
  static void writeTo(Path directory) throws IOException {
    ClassFileLocator locator =
        ClassFileLocator.ForClassLoader.of(PatchedClasses.class.getClassLoader());
    TypePool pool = TypePool.Default.of(locator);
    for (String type : TYPES) {
      new ByteBuddy()
          .redefine(pool.describe(PACKAGE + type).resolve(), locator)
          .visit(Advice.to(Calls.class, locator).on(isPublic().and(namedOneOf(CALLS))))
          .make()
          .saveIn(directory.toFile());
    }
  }

  /** What is put around each call. */
  static final class Calls {
    private Calls() {}

    @Advice.OnMethodEnter
    static void enter(@Advice.Origin("#m") String method, @Advice.AllArguments Object[] arguments) {
      KillSwitch.before(method, arguments);
    }

    @Advice.OnMethodExit
    static void exit() {
      KillSwitch.after();
    }
  }
}
