/**
 * Backups of a database on disk and what is made of them: checkpoints copied or linked, inventories, archived log
 * segments, restore to a point in time, recovery points.
 *
 * <p>Called by the database (to make a backup of itself) and by the roof (everything that needs no open database). Owns
 * the inventory, the archive file and the layout of a directory of backups; how tables, log and manifest look inside is
 * theirs. It opens no database and knows nothing of keyspaces but their definitions.
 */
@NullMarked
package io.larder.engine.internal.backup;

import org.jspecify.annotations.NullMarked;
