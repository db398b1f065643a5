package dev.warren.broker.rabbitmq;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.Unsigned;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ArgumentTableTests {

	@Test
	void everyTypeComesOutAsItWentIn() {
		Map<String, @Nullable Object> table = new LinkedHashMap<>();
		table.put("flag", true);
		table.put("byte", (byte) -1);
		table.put("short", (short) -2);
		table.put("int", -3);
		table.put("long", -4L);
		table.put("unsigned", new Unsigned('u', 65535));
		table.put("float", 1.5f);
		table.put("double", 2.5d);
		table.put("decimal", new BigDecimal("3.14"));
		table.put("text", "grün");
		table.put("time", new Date(1_700_000_000_000L));
		table.put("nothing", null);
		table.put("list", Arrays.asList(1, "two", null, List.of(3L)));
		table.put("table", Map.of("inner", "value"));

		assertThat(ArgumentTable.fromText(ArgumentTable.toText(table))).isEqualTo(table);
	}

	@Test
	void bytesAreNoText() {
		byte[] bytes = { 0, -1, 42 };

		assertThat(ArgumentTable.fromText(ArgumentTable.toText(Map.of("bytes", bytes))).get("bytes")).isEqualTo(bytes);
	}

	@Test
	void theFirstOfTwoFieldsWithTheSameNameCounts() {
		byte[] table = { 0, 0, 0, 8, 1, 'a', 't', 1, 1, 'a', 't', 0 };

		assertThat(ArgumentTable.read(ByteBuffer.wrap(table))).containsEntry("a", true);
	}

	@ParameterizedTest
	@ValueSource(strings = { "00000001", "ffffffff", "00000003016151", "0000000701615300000009",
			"000000070161460000000a", "0000" })
	void whatIsNoTableIsASyntaxError(String hex) {
		ByteBuffer bytes = ByteBuffer.wrap(new BigInteger("01" + hex, 16).toByteArray());
		bytes.position(1);

		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> ArgumentTable.read(bytes))
			.satisfies((error) -> assertThat(error.code()).isEqualTo(ReplyCode.SYNTAX_ERROR));
	}

	@Test
	void nestingHasAnEnd() {
		byte[] table = { 0, 0, 0, 0 };
		for (int depth = 0; depth < 2000; depth++) {
			table = ByteBuffer.allocate(table.length + 7)
				.putInt(table.length + 3)
				.put(new byte[] { 1, 'a', 'F' })
				.put(table)
				.array();
		}
		ByteBuffer nested = ByteBuffer.wrap(table);

		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> ArgumentTable.read(nested));
	}

}
