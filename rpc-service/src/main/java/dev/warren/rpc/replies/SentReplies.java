package dev.warren.rpc.replies;

import java.util.Locale;
import java.util.Objects;

import dev.warren.rpc.ConditionalOnRole;
import dev.warren.rpc.RpcError;
import dev.warren.rpc.RpcProperties;
import dev.warren.rpc.RpcTopology;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessagePostProcessor;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.stereotype.Component;

/**
 * Counts what the servers reply, and has a reply carry the trace context back. Spring
 * observes the listener, but not the reply it sends for it.
 */
@Component
@ConditionalOnRole(RpcProperties.Role.SERVER)
class SentReplies implements MessagePostProcessor {

	private static final String ANSWERED = "answered";

	private final Tracer tracer;

	private final Propagator propagator;

	private final MeterRegistry meters;

	SentReplies(Tracer tracer, Propagator propagator, MeterRegistry meters) {
		this.tracer = tracer;
		this.propagator = propagator;
		this.meters = meters;
		counter(ANSWERED);
		for (RpcError error : RpcError.values()) {
			counter(error.name());
		}
	}

	private Counter counter(String outcome) {
		return Counter.builder("warren.rpc.requests")
			.description("Requests that got a reply, by what it was")
			.tag("outcome", outcome.toLowerCase(Locale.ROOT))
			.register(this.meters);
	}

	@Override
	public Message postProcessMessage(Message reply) {
		MessageProperties properties = reply.getMessageProperties();
		counter(Objects.toString(properties.getHeader(RpcTopology.ERROR_HEADER), ANSWERED)).increment();
		TraceContext context = this.tracer.currentTraceContext().context();
		if (context != null) {
			this.propagator.inject(context, properties, (carrier, name, value) -> properties.setHeader(name, value));
		}
		return reply;
	}

}
