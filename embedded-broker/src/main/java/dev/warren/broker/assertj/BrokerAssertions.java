package dev.warren.broker.assertj;

import dev.warren.broker.BrokerExchange;
import dev.warren.broker.BrokerQueue;
import dev.warren.broker.EmbeddedBroker;

/**
 * Where assertions about a broker begin. They wait, 10 seconds at most or as long as
 * {@code within} says, and a failure tells what happened instead.
 *
 * <pre>{@code
 * assertThat(broker.queue("shipments")).receives(message().withHeader("carrier", "dhl"));
 * assertThat(broker.queue("orders")).isIdle();
 * }</pre>
 */
public final class BrokerAssertions {

	private BrokerAssertions() {
	}

	public static BrokerAssert assertThat(EmbeddedBroker broker) {
		return new BrokerAssert(broker);
	}

	public static QueueAssert assertThat(BrokerQueue queue) {
		return new QueueAssert(queue);
	}

	public static ExchangeAssert assertThat(BrokerExchange exchange) {
		return new ExchangeAssert(exchange);
	}

	/**
	 * Any message; what it is to have is added.
	 */
	public static ExpectedMessage message() {
		return ExpectedMessage.any();
	}

}
