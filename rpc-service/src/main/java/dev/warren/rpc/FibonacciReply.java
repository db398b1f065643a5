package dev.warren.rpc;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

import com.rabbitmq.client.AMQP;
import org.jspecify.annotations.Nullable;

/**
 * What a server replied.
 *
 * @param body the number in decimal or, with an error, what is wrong
 * @param server the server, if it says
 * @param error the name of the {@link RpcError}, if it is one
 */
record FibonacciReply(String body, @Nullable String server, @Nullable String error) {

	static FibonacciReply of(AMQP.BasicProperties properties, byte[] body) {
		Map<String, Object> headers = (properties.getHeaders() != null) ? properties.getHeaders() : Map.of();
		return new FibonacciReply(new String(body, StandardCharsets.UTF_8),
				Objects.toString(headers.get(RpcTopology.SERVER_HEADER), null),
				Objects.toString(headers.get(RpcTopology.ERROR_HEADER), null));
	}

}
