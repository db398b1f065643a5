package dev.warren.broker.rabbitmq.transport;

import org.apache.qpid.server.protocol.v0_8.AMQShortString;
import org.apache.qpid.server.security.SubjectExecutionContext;

/**
 * Keeps Qpid from looking up every short string of a message's properties in a cache of
 * the virtual host's, and putting it there. Correlation and message ids never come twice,
 * so that the cache is always full, and cost more than all else that is done with the
 * properties.
 */
final class ShortStrings {

	private static final ThreadLocal<Boolean> withoutCache = ThreadLocal.withInitial(ShortStrings::avoidCache);

	private ShortStrings() {
	}

	/**
	 * Has the current thread do without the cache, unless it has used it before.
	 */
	static void avoidCacheOnThisThread() {
		withoutCache.get();
	}

	// A thread asks for the cache once, in the name of the subject it then runs as, and
	// gets none if that is nobody's.
	private static Boolean avoidCache() {
		Runnable looksForTheCache = () -> AMQShortString.createAMQShortString(new byte[0]);
		SubjectExecutionContext.withSubject(null, looksForTheCache);
		return Boolean.TRUE;
	}

}
