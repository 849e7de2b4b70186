/**
 * The roof of the engine: {@link io.larder.engine.Databases} builds and shares open databases.
 *
 * <p>Called by every module above and by programs that embed the engine alone. Owns which databases are open
 * in this JVM; knows every package below it.
 */
@NullMarked
package io.larder.engine;

import org.jspecify.annotations.NullMarked;
