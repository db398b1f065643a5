package dev.warren.broker.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches unless the application says where its broker is.
 */
final class OnNoOtherBrokerCondition extends SpringBootCondition {

	private static final List<String> PROPERTIES = List.of("spring.rabbitmq.host", "spring.rabbitmq.port");

	private static final String ADDRESSES = "spring.rabbitmq.addresses";

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Embedded broker");
		Environment environment = context.getEnvironment();
		List<String> found = new ArrayList<>(PROPERTIES.stream().filter(environment::containsProperty).toList());
		// A list in YAML is properties of other names: addresses[0] and so on.
		if (Binder.get(environment).bind(ADDRESSES, Bindable.listOf(String.class)).isBound()) {
			found.add(ADDRESSES);
		}
		return found.isEmpty() ? ConditionOutcome.match(message.because("no other broker is configured"))
				: ConditionOutcome.noMatch(message.found("property", "properties").items(found));
	}

}
