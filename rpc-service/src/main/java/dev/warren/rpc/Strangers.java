package dev.warren.rpc;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.stereotype.Component;

/**
 * Logs and counts requests that are not as they should be. Each is logged once, unless
 * there are many of a kind: anybody may publish to the queue, and nobody shall fill the
 * disk.
 */
@Component
@ConditionalOnRole(RpcProperties.Role.SERVER)
class Strangers {

	/**
	 * How many of a kind are logged within a minute.
	 */
	static final int MAX_LOGGED = 10;

	private static final Duration PERIOD = Duration.ofMinutes(1);

	private static final Log logger = LogFactory.getLog(Strangers.class);

	private final Map<Fault, Tally> tallies = new EnumMap<>(Fault.class);

	Strangers(MeterRegistry meters) {
		for (Fault fault : Fault.values()) {
			Counter counter = Counter.builder("warren.rpc.requests.faulty")
				.description("Requests that were not as they should be")
				.tag("fault", fault.name().toLowerCase(Locale.ROOT))
				.register(meters);
			this.tallies.put(fault, new Tally(fault.text, counter));
		}
	}

	void report(Fault fault, Request request) {
		Objects.requireNonNull(this.tallies.get(fault)).add(request);
	}

	/**
	 * What can be wrong with a request.
	 */
	enum Fault {

		/** Nobody can be answered. */
		NO_REPLY_TO("without reply_to, dropped"),

		/** Its caller may not know what the reply is to. */
		NO_CORRELATION_ID("without correlation id, answered"),

		/** There is nothing to compute. */
		NOT_A_NUMBER("that is not a number to compute, answered with an error");

		private final String text;

		Fault(String text) {
			this.text = text;
		}

	}

	private static final class Tally {

		private final String fault;

		private final Counter counter;

		private long begin = System.nanoTime();

		private int count;

		Tally(String fault, Counter counter) {
			this.fault = fault;
			this.counter = counter;
		}

		synchronized void add(Request request) {
			this.counter.increment();
			long now = System.nanoTime();
			if (now - this.begin >= PERIOD.toNanos()) {
				if (this.count > MAX_LOGGED) {
					logger.warn("%d more requests %s".formatted(this.count - MAX_LOGGED, this.fault));
				}
				this.begin = now;
				this.count = 0;
			}
			this.count++;
			if (this.count <= MAX_LOGGED) {
				logger.warn("A request %s: %s%s".formatted(this.fault, request,
						(this.count == MAX_LOGGED) ? "; more of these are only counted for a while" : ""));
			}
		}

	}

}
