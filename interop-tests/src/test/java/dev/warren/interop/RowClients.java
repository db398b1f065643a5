package dev.warren.interop;

import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * The clients of a {@link Row}.
 */
final class RowClients implements ArgumentsProvider {

	@Override
	public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
		Row row = Objects.requireNonNull(context.getRequiredTestMethod().getAnnotation(Row.class));
		return Stream.of(row.clients()).map(Arguments::of);
	}

}
