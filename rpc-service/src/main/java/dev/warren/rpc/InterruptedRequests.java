package dev.warren.rpc;

import java.util.LinkedHashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The requests that servers of this instance held when they lost their connections. Each
 * comes again, marked as redelivered like one that has crashed its server, but is not to
 * blame. Another instance cannot know, and will count it.
 */
@Component
@ConditionalOnRole(RpcProperties.Role.SERVER)
class InterruptedRequests {

	private static final int MAX_REMEMBERED = 1000;

	private final Set<String> keys = new LinkedHashSet<>();

	synchronized void add(@Nullable String key) {
		if (key != null) {
			this.keys.add(key);
			if (this.keys.size() > MAX_REMEMBERED) {
				this.keys.remove(this.keys.iterator().next());
			}
		}
	}

	/**
	 * Whether it was one of them, which it is no more.
	 */
	synchronized boolean remove(@Nullable String key) {
		return key != null && this.keys.remove(key);
	}

}
