package dev.warren.broker.rabbitmq.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.warren.broker.rabbitmq.time.EngineClock;

/**
 * Lets each address do something so many times at once, and then makes it wait for a turn
 * so often. Addresses do not wait for each other. Of IPv6, the addresses of a network are
 * one. Thread-safe.
 */
public final class AddressLimit {

	/** What {@link #take} returns where there is no turn. */
	public static final long NO_TURN = -1;

	/** Then the address that was not seen for longest is forgotten. */
	private static final int MOST_ADDRESSES = 10_000;

	/** A home or an office has all of them (RFC 6177). */
	private static final int IPV6_NETWORK_BYTES = 8;

	private final long turns;

	private final long nanosForOne;

	private final EngineClock clock;

	/** When each will have had all the turns it took; the one seen last is the last. */
	private final Map<String, Long> busyUntil = new LinkedHashMap<>(16, 0.75f, true) {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
			return size() > MOST_ADDRESSES;
		}

	};

	/**
	 * @param turns how many at once, and in each unit from then on; 0 and less is any
	 * number
	 */
	public AddressLimit(int turns, TimeUnit unit, EngineClock clock) {
		this.turns = turns;
		this.nanosForOne = (turns > 0) ? unit.toNanos(1) / turns : 0;
		this.clock = clock;
	}

	/**
	 * Takes a turn.
	 * @param address an IP address, as numbers
	 * @param most how many milliseconds the address would wait
	 * @return how many it has to wait, or {@link #NO_TURN} if that is too long: then it
	 * has taken none
	 */
	public synchronized long take(String address, long most) {
		if (this.turns <= 0) {
			return 0;
		}
		long now = this.clock.nanos();
		String network = network(address);
		long free = Math.max(this.busyUntil.getOrDefault(network, now) - now, 0);
		long wait = TimeUnit.NANOSECONDS.toMillis(free - (this.turns - 1) * this.nanosForOne);
		if (wait > most) {
			return NO_TURN;
		}
		this.busyUntil.put(network, now + free + this.nanosForOne);
		return Math.max(wait, 0);
	}

	/**
	 * Gives back a turn that was not what there are to be few of.
	 */
	public synchronized void giveBack(String address) {
		this.busyUntil.computeIfPresent(network(address), (network, until) -> until - this.nanosForOne);
	}

	private static String network(String address) {
		if (address.indexOf(':') < 0) {
			return address;
		}
		try {
			byte[] network = Arrays.copyOf(InetAddress.getByName(address).getAddress(), IPV6_NETWORK_BYTES);
			return HexFormat.of().formatHex(network);
		}
		catch (UnknownHostException ex) {
			return address;
		}
	}

}
