package dev.warren.broker.rabbitmq;

import java.util.Optional;

import dev.warren.broker.RabbitMqVersion;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Disables what is {@link NotOnRabbitMq} when the broker under test is a RabbitMQ, and
 * what is said {@link From} or {@link Until} another version than it is or plays.
 */
class BrokerCondition implements ExecutionCondition {

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		RabbitMqVersion version = BrokerUnderTest.version();
		Optional<From> from = AnnotationSupport.findAnnotation(context.getElement(), From.class);
		if (from.isPresent() && version.compareTo(from.get().value()) < 0) {
			return ConditionEvaluationResult.disabled("other version: from " + from.get().value());
		}
		Optional<Until> until = AnnotationSupport.findAnnotation(context.getElement(), Until.class);
		if (until.isPresent() && version.compareTo(until.get().value()) > 0) {
			return ConditionEvaluationResult.disabled("other version: until " + until.get().value());
		}
		if (BrokerUnderTest.isRabbitMq()) {
			return AnnotationSupport.findAnnotation(context.getElement(), NotOnRabbitMq.class)
				.filter((annotation) -> version.compareTo(annotation.from()) >= 0)
				.map((annotation) -> ConditionEvaluationResult.disabled(annotation.value()))
				.orElseGet(() -> ConditionEvaluationResult.enabled("RabbitMQ can show it"));
		}
		return ConditionEvaluationResult.enabled("not a RabbitMQ");
	}

}
