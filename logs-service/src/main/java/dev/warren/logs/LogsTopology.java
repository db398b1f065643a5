package dev.warren.logs;

import org.springframework.amqp.core.DirectExchange;
import org.springframework.amqp.core.FanoutExchange;
import org.springframework.amqp.core.HeadersExchange;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What tutorials 3, 4 and 5 have on the broker: exchanges, not durable, declared when a
 * connection opens. A queue is its receiver's own and bound by it: an emitter knows none.
 */
@Configuration(proxyBeanMethods = false)
public class LogsTopology {

	/** Tutorial 3: everything to everyone. */
	public static final String FANOUT = "logs";

	/** Tutorial 4: by severity, which is the routing key. */
	public static final String DIRECT = "direct_logs";

	/** Tutorial 5: by patterns of the routing key, {@code <facility>.<severity>}. */
	public static final String TOPIC = "topic_logs";

	/** By headers: AMQP's fourth type, which has no tutorial. */
	public static final String HEADERS = "headers_logs";

	private static final boolean DURABLE = false;

	private static final boolean AUTO_DELETE = false;

	@Bean
	FanoutExchange logs() {
		return new FanoutExchange(FANOUT, DURABLE, AUTO_DELETE);
	}

	@Bean
	DirectExchange directLogs() {
		return new DirectExchange(DIRECT, DURABLE, AUTO_DELETE);
	}

	@Bean
	TopicExchange topicLogs() {
		return new TopicExchange(TOPIC, DURABLE, AUTO_DELETE);
	}

	@Bean
	HeadersExchange headersLogs() {
		return new HeadersExchange(HEADERS, DURABLE, AUTO_DELETE);
	}

}
