/**
 * Damage done to databases that nobody has open: every byte changed, sectors zeroed, files cut, lost, exchanged, old or
 * foreign.
 *
 * <p>Run by the build. Owns the databases that are damaged and the judgement that whatever was done is noticed or does
 * no harm; knows nothing of formats.
 */
@NullMarked
package io.larder.simulation.damage;

import org.jspecify.annotations.NullMarked;
