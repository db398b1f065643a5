package dev.warren.broker.autoconfigure;

import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;

/**
 * Says which of the broker's properties is unknown or has a value it cannot have, and
 * what there is instead.
 */
final class WrongPropertyFailureAnalyzer extends AbstractFailureAnalyzer<BindException> implements Ordered {

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("warren.broker");

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		if (!PREFIX.equals(cause.getName()) && !PREFIX.isAncestorOf(cause.getName())) {
			return null;
		}
		if (cause.getCause() instanceof UnboundConfigurationPropertiesException unbound) {
			String names = unbound.getUnboundProperties()
				.stream()
				.map((property) -> "'" + property.getName() + "'")
				.collect(Collectors.joining(", "));
			return new FailureAnalysis("There is no property " + names + ".",
					"Correct the name. What follows '" + PREFIX + ".' is one of " + names() + ".", cause);
		}
		ConfigurationProperty property = cause.getProperty();
		if (property == null) {
			return null;
		}
		return new FailureAnalysis("'%s' cannot be '%s'.".formatted(property.getName(), property.getValue()),
				remedy(cause.getTarget().getType().resolve(Object.class)), cause);
	}

	private static String names() {
		return Stream.of(WarrenBrokerProperties.class.getRecordComponents())
			.map(RecordComponent::getName)
			.map(DataObjectPropertyName::toDashedForm)
			.collect(Collectors.joining(", "));
	}

	private static String remedy(Class<?> type) {
		return type.isEnum()
				? "It is one of " + Stream.of(type.getEnumConstants())
					.map((constant) -> constant.toString().toLowerCase(Locale.ROOT))
					.collect(Collectors.joining(", ")) + "."
				: "Give it a value of type %s.".formatted(type.getSimpleName().toLowerCase(Locale.ROOT));
	}

	// Before Boot's own, which quotes the types of the classes that hold the values, and
	// after an application's that comes first of all.
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE + 1;
	}

}
