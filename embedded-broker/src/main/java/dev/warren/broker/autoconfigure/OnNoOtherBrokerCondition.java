package dev.warren.broker.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.warren.broker.EmbeddedBroker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.ClassUtils;

/**
 * Matches unless the application says where its broker is, and then says why no broker is
 * started.
 */
final class OnNoOtherBrokerCondition extends SpringBootCondition implements ConfigurationCondition {

	private static final Logger logger = LoggerFactory.getLogger(EmbeddedBrokerAutoConfiguration.class);

	private static final List<String> PROPERTIES = List.of("spring.rabbitmq.host", "spring.rabbitmq.port");

	private static final String ADDRESSES = "spring.rabbitmq.addresses";

	// In this phase once a context, when the application's own beans are known.
	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Embedded broker");
		Environment environment = context.getEnvironment();
		List<String> found = new ArrayList<>(PROPERTIES.stream().filter(environment::containsProperty).toList());
		// A list in YAML is properties of other names: addresses[0] and so on.
		if (Binder.get(environment).bind(ADDRESSES, Bindable.listOf(String.class)).isBound()) {
			found.add(ADDRESSES);
		}
		if (found.isEmpty()) {
			return ConditionOutcome.match(message.because("no other broker is configured"));
		}
		if (!knowsItsBroker(context)) {
			logger.info("No embedded broker is started: {} names another. @EmbeddedBrokerTest starts one nevertheless.",
					found.get(0));
		}
		return ConditionOutcome.noMatch(message.found("property", "properties").items(found));
	}

	/**
	 * Whether there is an embedded broker already, as {@code @EmbeddedBrokerTest} brings
	 * one, or somebody else's connection details, which go before the properties.
	 */
	private static boolean knowsItsBroker(ConditionContext context) {
		ListableBeanFactory beans = Objects.requireNonNull(context.getBeanFactory());
		return Stream.concat(Stream.of(EmbeddedBroker.class.getName()), ConnectionDetailsRegistrar.TYPES.stream())
			.filter((name) -> ClassUtils.isPresent(name, context.getClassLoader()))
			.map((name) -> ClassUtils.resolveClassName(name, context.getClassLoader()))
			.anyMatch((type) -> beans.getBeanNamesForType(type, true, false).length > 0);
	}

}
