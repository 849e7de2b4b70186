/** Programs that measure single structures of the engine; run by hand, not by the build. */
package io.larder.engine.internal.speed;
