package dev.warren.broker.autoconfigure;

import java.lang.reflect.RecordComponent;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
					"Correct the name" + nearest(unbound.getUnboundProperties()) + ". What follows '" + PREFIX
							+ ".' is one of " + names() + ".",
					cause);
		}
		ConfigurationProperty property = cause.getProperty();
		if (property == null) {
			return null;
		}
		return new FailureAnalysis("'%s' cannot be '%s'.".formatted(property.getName(), property.getValue()),
				remedy(cause.getTarget().getType().resolve(Object.class)), cause);
	}

	/**
	 * What was probably meant, if all but two letters of it are right.
	 */
	private static String nearest(Set<ConfigurationProperty> unknown) {
		return unknown.stream()
			.map((property) -> property.getName().toString())
			.flatMap((wrong) -> allNames(PREFIX + ".", WarrenBrokerProperties.class)
				.filter((name) -> distance(wrong, name) <= 2)
				.min(Comparator.comparingInt((name) -> distance(wrong, name)))
				.stream())
			.map((name) -> " to '" + name + "'")
			.findFirst()
			.orElse("");
	}

	private static Stream<String> allNames(String prefix, Class<?> type) {
		return Stream.of(type.getRecordComponents()).flatMap((component) -> {
			String name = prefix + DataObjectPropertyName.toDashedForm(component.getName());
			return component.getType().isRecord()
					? Stream.concat(Stream.of(name), allNames(name + ".", component.getType())) : Stream.of(name);
		});
	}

	/**
	 * How many letters to insert, remove or replace (Levenshtein).
	 */
	private static int distance(String from, String to) {
		int[] row = IntStream.rangeClosed(0, to.length()).toArray();
		for (int i = 1; i <= from.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j <= to.length(); j++) {
				int replaced = diagonal + ((from.charAt(i - 1) != to.charAt(j - 1)) ? 1 : 0);
				diagonal = row[j];
				row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
			}
		}
		return row[to.length()];
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
