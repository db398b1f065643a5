package dev.warren.broker.rabbitmq.access;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.warren.broker.rabbitmq.time.EngineClock;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AddressLimitTests {

	private final TestClock clock = new TestClock();

	private final AddressLimit limit = new AddressLimit(10, TimeUnit.SECONDS, this.clock);

	@Test
	void someTurnsAreAtOnceAndTheNextWait() {
		for (int i = 0; i < 10; i++) {
			assertThat(this.limit.take("192.0.2.1", 5000)).isZero();
		}

		assertThat(this.limit.take("192.0.2.1", 5000)).isEqualTo(100);
		assertThat(this.limit.take("192.0.2.1", 5000)).isEqualTo(200);
	}

	@Test
	void whoWouldWaitTooLongHasNoTurnAndTakesNone() {
		for (int i = 0; i < 12; i++) {
			this.limit.take("192.0.2.1", 5000);
		}

		assertThat(this.limit.take("192.0.2.1", 299)).isEqualTo(AddressLimit.NO_TURN);
		assertThat(this.limit.take("192.0.2.1", 300)).isEqualTo(300);
	}

	@Test
	void anAddressDoesNotWaitForAnother() {
		for (int i = 0; i < 1000; i++) {
			this.limit.take("192.0.2.1", 5000);
		}

		assertThat(this.limit.take("192.0.2.2", 0)).isZero();
	}

	@Test
	void inTimeTheTurnsComeBack() {
		for (int i = 0; i < 20; i++) {
			this.limit.take("127.0.0.1", 5000);
		}
		this.clock.advance(Duration.ofSeconds(2));

		for (int i = 0; i < 10; i++) {
			assertThat(this.limit.take("127.0.0.1", 0)).isZero();
		}
		assertThat(this.limit.take("127.0.0.1", 0)).isEqualTo(AddressLimit.NO_TURN);
	}

	@Test
	void aTurnThatIsGivenBackDoesNotCount() {
		for (int i = 0; i < 1000; i++) {
			assertThat(this.limit.take("192.0.2.1", 0)).isZero();
			this.limit.giveBack("192.0.2.1");
		}
	}

	@Test
	void theAddressesOfAnIpv6NetworkAreOne() {
		for (int i = 0; i < 10; i++) {
			assertThat(this.limit.take("2001:db8:0:1::" + i, 0)).isZero();
		}

		assertThat(this.limit.take("2001:db8:0:1:ffff::1", 0)).isEqualTo(AddressLimit.NO_TURN);
		assertThat(this.limit.take("2001:db8:0:2::1", 0)).isZero();
	}

	@Test
	void itForgetsTheAddressesThatWereNotSeenForLongest() {
		for (int i = 0; i < 11; i++) {
			this.limit.take("192.0.2.1", 5000);
		}
		for (int i = 0; i < 10_000; i++) {
			this.limit.take("10.0." + i / 256 + "." + i % 256, 0);
		}

		assertThat(this.limit.take("192.0.2.1", 0)).isZero();
	}

	@Test
	void withoutALimitNobodyWaits() {
		AddressLimit none = new AddressLimit(-1, TimeUnit.SECONDS, this.clock);

		for (int i = 0; i < 1000; i++) {
			assertThat(none.take("192.0.2.1", 0)).isZero();
		}
	}

	private static final class TestClock implements EngineClock {

		private long nanos = Long.MAX_VALUE - 5;

		void advance(Duration duration) {
			this.nanos += duration.toNanos();
		}

		@Override
		public long millis() {
			return TimeUnit.NANOSECONDS.toMillis(this.nanos);
		}

		@Override
		public long nanos() {
			return this.nanos;
		}

	}

}
