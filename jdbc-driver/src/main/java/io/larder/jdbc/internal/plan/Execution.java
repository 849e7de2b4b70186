package io.larder.jdbc.internal.plan;

import org.jspecify.annotations.Nullable;

/**
 * One run of a plan.
 *
 * @param session the connection
 * @param parameters the values of the parameters, in the types the plan names
 * @param stop what may end the run early
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier on the hot path; compared by nobody
public record Execution(Session session, @Nullable Object[] parameters, StopSignal stop) {}
