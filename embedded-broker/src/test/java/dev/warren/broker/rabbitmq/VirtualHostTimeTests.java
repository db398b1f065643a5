package dev.warren.broker.rabbitmq;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.warren.broker.rabbitmq.time.Timers;
import dev.warren.broker.rabbitmq.time.VirtualHostTime;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class VirtualHostTimeTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private final VirtualHostTime time = new VirtualHostTime("timers-test");

	private final List<String> done = Collections.synchronizedList(new ArrayList<>());

	@AfterEach
	void stop() {
		this.time.stop();
	}

	@Test
	void itGoesByItself() throws Exception {
		CountDownLatch both = new CountDownLatch(2);

		this.time.schedule(both::countDown, 20);
		this.time.schedule(both::countDown, 10);

		assertThat(both.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void itIsAdvancedByNoMoreThanItShouldBe() {
		long before = this.time.millis();

		this.time.advance(HOUR);

		assertThat(this.time.millis()).isBetween(before + HOUR.toMillis(), before + HOUR.toMillis() + 60_000);
	}

	@Test
	void eachActionSeesItsOwnTimeAndWhatItSchedulesComesInOrder() {
		long start = this.time.nanos();
		AtomicLong seen = new AtomicLong();
		this.time.schedule(() -> this.done.add("40 minutes"), 2_400_000);
		this.time.schedule(() -> {
			seen.set(this.time.nanos());
			this.done.add("10 minutes");
			this.time.schedule(() -> this.done.add("20 minutes later"), 1_200_000);
		}, 600_000);

		this.time.advance(HOUR);

		assertThat(this.done).containsExactly("10 minutes", "20 minutes later", "40 minutes");
		assertThat(Duration.ofNanos(seen.get() - start)).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
	}

	@Test
	void whatIsDueLaterIsNotDone() {
		this.time.schedule(() -> this.done.add("later"), HOUR.toMillis() + 60_000);

		this.time.advance(HOUR);

		assertThat(this.done).isEmpty();
		this.time.advance(Duration.ofMinutes(1));
		assertThat(this.done).containsExactly("later");
	}

	@Test
	void whatIsCancelledIsNotDone() {
		Timers.Timer timer = this.time.schedule(() -> this.done.add("cancelled"), 1000);
		timer.cancel();

		this.time.advance(HOUR);

		assertThat(this.done).isEmpty();
	}

	@Test
	void whatFailsKeepsNothingBack() {
		this.time.schedule(() -> {
			throw new IllegalStateException("as the test wants it");
		}, 1000);
		this.time.schedule(() -> this.done.add("next"), 2000);

		this.time.advance(HOUR);

		assertThat(this.done).containsExactly("next");
	}

	@Test
	void whatIsHandedOverIsWaitedFor() {
		Thread advancing = Thread.currentThread();
		this.time.schedule(() -> {
			Runnable rest = this.time.handingOver(() -> this.done.add("handed over"));
			new Thread(() -> {
				Awaitility.await().until(() -> advancing.getState() == Thread.State.TIMED_WAITING);
				rest.run();
			}).start();
		}, 1000);
		this.time.schedule(() -> this.done.add("next"), 2000);

		this.time.advance(HOUR);

		assertThat(this.done).containsExactly("handed over", "next");
	}

	@Test
	void whatIsRepeatedGoesByTheMachinesTime() {
		this.time.repeat(() -> this.done.add("again"), 600_000);

		this.time.advance(HOUR);

		assertThat(this.done).isEmpty();
	}

	@Test
	void whatIsFarAwayIsNotForgotten() {
		this.time.schedule(() -> this.done.add("at the end of all days"), Long.MAX_VALUE);
		this.time.schedule(() -> this.done.add("in ten years"), Duration.ofDays(3650).toMillis());

		this.time.advance(Duration.ofDays(3651));

		assertThat(this.done).containsExactly("in ten years");
	}

	@Test
	void afterwardsItGoesOnByItself() throws Exception {
		CountDownLatch later = new CountDownLatch(1);
		this.time.schedule(later::countDown, HOUR.toMillis() + 10);

		this.time.advance(HOUR);

		assertThat(later.await(10, TimeUnit.SECONDS)).isTrue();
	}

}
