package dev.warren.messaging.message;

import java.util.Locale;
import java.util.Set;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Envelope;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.support.DefaultMessagePropertiesConverter;

/**
 * Reads the properties of messages from anybody. AMQP lets a sender put any octet into
 * {@code delivery_mode}, and anything into the headers that carry trace context; Spring
 * throws on all but two of the octets and all headers but text, which would put the
 * message back into the queue, to fail again for ever.
 */
public final class StrangersPropertiesConverter extends DefaultMessagePropertiesConverter {

	private static final Set<String> TRACE_CONTEXT = Set.of("traceparent", "tracestate", "baggage", "b3");

	@Override
	public MessageProperties toMessageProperties(AMQP.BasicProperties source, @Nullable Envelope envelope,
			String charset) {
		Integer deliveryMode = source.getDeliveryMode();
		boolean known = deliveryMode == null || deliveryMode == 1 || deliveryMode == 2;
		MessageProperties properties = super.toMessageProperties(
				known ? source : source.builder().deliveryMode(null).build(), envelope, charset);
		properties.getHeaders().replaceAll((name, value) -> isTraceContext(name) ? Headers.text(value) : value);
		return properties;
	}

	// W3C's and B3's, which is what tracing looks for.
	private static boolean isTraceContext(String header) {
		String name = header.toLowerCase(Locale.ROOT);
		return TRACE_CONTEXT.contains(name) || name.startsWith("x-b3-");
	}

}
