package dev.warren.broker.rabbitmq;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Disables what is {@link NotOnRabbitMq} when the broker under test is a RabbitMQ.
 */
class NotOnRabbitMqCondition implements ExecutionCondition {

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		if (BrokerUnderTest.isRabbitMq()) {
			return AnnotationSupport.findAnnotation(context.getElement(), NotOnRabbitMq.class)
				.map((annotation) -> ConditionEvaluationResult.disabled(annotation.value()))
				.orElseGet(() -> ConditionEvaluationResult.enabled("RabbitMQ can show it"));
		}
		return ConditionEvaluationResult.enabled("not a RabbitMQ");
	}

}
