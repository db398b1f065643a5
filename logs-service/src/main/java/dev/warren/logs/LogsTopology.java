package dev.warren.logs;

import java.util.stream.Stream;

import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.Exchange;
import org.springframework.amqp.core.ExchangeBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What tutorials 3, 4 and 5 have on the broker: the exchanges, not durable, declared
 * whenever a connection opens. The queues are the subscriptions' own.
 */
@Configuration(proxyBeanMethods = false)
class LogsTopology {

	@Bean
	Declarables logExchanges() {
		return new Declarables(Stream.of(LogExchange.values()).map(LogsTopology::declaration).toList());
	}

	static Exchange declaration(LogExchange exchange) {
		return new ExchangeBuilder(exchange.exchange(), exchange.type()).durable(false).build();
	}

}
