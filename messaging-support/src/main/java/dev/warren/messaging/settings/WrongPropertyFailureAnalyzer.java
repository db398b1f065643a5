package dev.warren.messaging.settings;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;

/**
 * Says which property is unknown or has a value it cannot have, and which it can.
 */
public final class WrongPropertyFailureAnalyzer extends AbstractFailureAnalyzer<BindException> implements Ordered {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		if (cause.getCause() instanceof UnboundConfigurationPropertiesException unbound) {
			String names = unbound.getUnboundProperties()
				.stream()
				.map((property) -> "'" + property.getName() + "'")
				.collect(Collectors.joining(", "));
			return new FailureAnalysis("There is no property " + names + ".",
					"Correct the name; the README has those that there are under \"Settings\".", cause);
		}
		ConfigurationProperty property = cause.getProperty();
		if (property == null) {
			return null;
		}
		return new FailureAnalysis("'%s' cannot be '%s'.".formatted(property.getName(), property.getValue()),
				remedy(cause.getTarget().getType().resolve(Object.class)), cause);
	}

	private static String remedy(Class<?> type) {
		return type.isEnum()
				? "It is one of " + Stream.of(type.getEnumConstants())
					.map((constant) -> constant.toString().toLowerCase(Locale.ROOT))
					.collect(Collectors.joining(", ")) + "."
				: "Give it a value of type %s.".formatted(type.getSimpleName().toLowerCase(Locale.ROOT));
	}

	// Before Boot's own, which quotes the types of the classes that hold the values.
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
