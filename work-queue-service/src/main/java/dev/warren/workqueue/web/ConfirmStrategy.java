package dev.warren.workqueue.web;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.workqueue.PublisherConfirms;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;

/**
 * How a batch waits for the broker's confirms: the strategies of tutorial 7.
 */
enum ConfirmStrategy {

	/** For each task, before the next is sent. */
	INDIVIDUAL(PublisherConfirms::individually),

	/** For a hundred tasks together, before the next hundred are sent. */
	BATCH(PublisherConfirms::inBatches),

	/** While the next tasks are sent. */
	ASYNC(PublisherConfirms::asynchronously);

	private final Sending sending;

	ConfirmStrategy(Sending sending) {
		this.sending = sending;
	}

	/**
	 * Sends tasks and waits for their confirms.
	 * @throws AmqpException if one of them was not confirmed
	 */
	void send(PublisherConfirms confirms, List<Message> tasks, Consumer<Message> confirmed, Consumer<String> returned) {
		this.sending.send(confirms, tasks, confirmed, returned);
	}

	@JsonValue
	String code() {
		return name().toLowerCase(Locale.ROOT);
	}

	static ConfirmStrategy of(String code) {
		for (ConfirmStrategy strategy : values()) {
			if (strategy.code().equals(code)) {
				return strategy;
			}
		}
		throw new ProblemException(ProblemType.INVALID_VALUE,
				"There is no confirm strategy '%s'; there are 'individual', 'batch', 'async'".formatted(code),
				"confirm");
	}

	@FunctionalInterface
	private interface Sending {

		void send(PublisherConfirms confirms, List<Message> tasks, Consumer<Message> confirmed,
				Consumer<String> returned);

	}

}
