package dev.warren.broker.autoconfigure;

import java.util.List;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches unless the application says where its broker is.
 */
final class OnNoOtherBrokerCondition extends SpringBootCondition {

	private static final List<String> PROPERTIES = List.of("spring.rabbitmq.addresses", "spring.rabbitmq.host",
			"spring.rabbitmq.port");

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Embedded broker");
		List<String> found = PROPERTIES.stream().filter(context.getEnvironment()::containsProperty).toList();
		return found.isEmpty() ? ConditionOutcome.match(message.because("no other broker is configured"))
				: ConditionOutcome.noMatch(message.found("property", "properties").items(found));
	}

}
