package dev.warren.messaging.message;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.rabbitmq.client.impl.LongStringHelper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class HeadersTests {

	@ParameterizedTest
	@MethodSource
	void headersThatAmqpCarriesHaveNoFault(Map<String, ?> headers) {
		assertThat(Headers.faultIn(headers)).isNull();
	}

	static Stream<Map<String, ?>> headersThatAmqpCarriesHaveNoFault() {
		return Stream.of(Map.of(), Map.of("text", "\u2713 \ud83d\ude00"), Map.of("", ""),
				Map.of("integer", 1, "long", Long.MIN_VALUE, "number", -1.5e300, "boolean", true),
				Collections.singletonMap("null", null), Map.of("list", Arrays.asList("a", 1, null, List.of())),
				Map.of("table", Map.of("table", Map.of("a", 1))), Map.of("n".repeat(255), "longest name"),
				Map.of("eight", nested(8)), Map.of("large", "x".repeat(60_000)));
	}

	@ParameterizedTest
	@MethodSource
	void headersThatAmqpDoesNotCarryHaveOne(Map<String, ?> headers, String fault) {
		assertThat(Headers.faultIn(headers)).contains(fault);
	}

	static Stream<Arguments> headersThatAmqpDoesNotCarryHaveOne() {
		return Stream.of(arguments(Map.of("n".repeat(256), 1), "longer than 255 bytes"),
				arguments(Map.of("\u2713".repeat(86), 1), "longer than 255 bytes"),
				arguments(Map.of("big", BigInteger.TWO.pow(64)), "'big' is a number of more than 64 bits"),
				arguments(Map.of("big", Double.POSITIVE_INFINITY), "too large a number"),
				arguments(Map.of("in", List.of(Map.of("big", BigInteger.TWO.pow(64)))), "'in' header 'big'"),
				arguments(Map.of("nine", nested(9)), "nested deeper than 8 levels"),
				arguments(Map.of("half", "\ud83d"), "half a surrogate pair"),
				arguments(Map.of("\ude00", "half"), "half a surrogate pair"),
				arguments(Map.of("large", "x".repeat(66_000)), "larger than 65536 bytes"),
				arguments(Map.of("large", List.of("x".repeat(33_000), "x".repeat(33_000))), "larger than 65536 bytes"),
				arguments(Map.of("many", Collections.nCopies(10_000, 1)), "larger than 65536 bytes"));
	}

	private static Object nested(int depth) {
		return (depth == 0) ? "innermost" : Map.of("a", nested(depth - 1));
	}

	@Test
	void bytesAndLongStringsAreShownAsText() {
		byte[] latin1 = "\u00fc".getBytes(StandardCharsets.ISO_8859_1);
		Map<String, @Nullable Object> headers = new LinkedHashMap<>();
		headers.put("bytes", "text".getBytes(StandardCharsets.UTF_8));
		headers.put("not UTF-8", latin1);
		headers.put("long string", LongStringHelper.asLongString("long"));
		headers.put("list", Arrays.asList(LongStringHelper.asLongString(latin1), 1, null));
		headers.put("table", Map.of("bytes", latin1));
		headers.put("null", null);

		assertThat(Headers.readable(headers)).containsEntry("bytes", "text")
			.containsEntry("not UTF-8", "\ufffd")
			.containsEntry("long string", "long")
			.containsEntry("list", Arrays.asList("\ufffd", 1, null))
			.containsEntry("table", Map.of("bytes", "\ufffd"))
			.containsEntry("null", null);
	}

}
