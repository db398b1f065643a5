package dev.warren.broker.rabbitmq.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * AMQP field tables, with the type tags that RabbitMQ and its clients use. Each tag has a
 * Java type of its own, so that a table comes out as it went in.
 */
public final class ArgumentTable {

	private static final int DEEPEST_NESTING = 1000;

	private ArgumentTable() {
	}

	/**
	 * Reads a table, its length first.
	 * @throws ProtocolException if the bytes are not a table
	 */
	public static Map<String, @Nullable Object> read(ByteBuffer source) {
		try {
			return readTable(source, 0);
		}
		catch (BufferUnderflowException | IllegalArgumentException ex) {
			throw ReplyCode.SYNTAX_ERROR.error("malformed field table");
		}
	}

	private static Map<String, @Nullable Object> readTable(ByteBuffer source, int depth) {
		ByteBuffer table = section(source, depth);
		if (!table.hasRemaining()) {
			return Collections.emptyMap();
		}
		Map<String, @Nullable Object> values = new LinkedHashMap<>();
		while (table.hasRemaining()) {
			String name = text(table, table.get() & 0xff);
			values.putIfAbsent(name, readValue(table, depth));
		}
		return values;
	}

	private static List<@Nullable Object> readArray(ByteBuffer source, int depth) {
		ByteBuffer array = section(source, depth);
		List<@Nullable Object> values = new ArrayList<>();
		while (array.hasRemaining()) {
			values.add(readValue(array, depth));
		}
		return values;
	}

	static ByteBuffer section(ByteBuffer source, int depth) {
		int length = source.getInt();
		if (length < 0 || length > source.remaining() || depth > DEEPEST_NESTING) {
			throw new IllegalArgumentException("A table that does not fit");
		}
		ByteBuffer section = source.slice(source.position(), length);
		source.position(source.position() + length);
		return section;
	}

	private static @Nullable Object readValue(ByteBuffer source, int depth) {
		char tag = (char) source.get();
		return switch (tag) {
			case 't' -> source.get() != 0;
			case 'b' -> source.get();
			case 'B' -> new Unsigned('B', source.get() & 0xff);
			case 's' -> source.getShort();
			case 'u' -> new Unsigned('u', source.getShort() & 0xffff);
			case 'I' -> source.getInt();
			case 'i' -> new Unsigned('i', source.getInt() & 0xffffffffL);
			case 'l', 'L' -> source.getLong();
			case 'f' -> source.getFloat();
			case 'd' -> source.getDouble();
			case 'D' -> {
				int scale = source.get() & 0xff;
				yield new BigDecimal(BigInteger.valueOf(source.getInt()), scale);
			}
			case 'S' -> longString(source, source.getInt());
			case 'x' -> bytes(source, source.getInt());
			case 'T' -> new Date(source.getLong() * 1000);
			case 'A' -> readArray(source, depth + 1);
			case 'F' -> readTable(source, depth + 1);
			case 'V' -> null;
			default -> throw new IllegalArgumentException("Unknown field type " + tag);
		};
	}

	private static Object longString(ByteBuffer source, int length) {
		byte[] bytes = bytes(source, length);
		String text = Wire.text(bytes, 0, length);
		return Arrays.equals(Wire.bytes(text), bytes) ? text : new BinaryString(bytes);
	}

	private static String text(ByteBuffer source, int length) {
		return new String(bytes(source, length), StandardCharsets.UTF_8);
	}

	private static byte[] bytes(ByteBuffer source, int length) {
		if (length < 0 || length > source.remaining()) {
			throw new IllegalArgumentException("A value that does not fit");
		}
		byte[] bytes = new byte[length];
		source.get(bytes);
		return bytes;
	}

	/**
	 * The table's bytes, its length first.
	 */
	public static byte[] write(Map<String, ? extends @Nullable Object> table) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (DataOutputStream out = new DataOutputStream(bytes)) {
			writeTable(out, table);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

	private static void writeTable(DataOutputStream out, Map<?, ? extends @Nullable Object> table) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream content = new DataOutputStream(bytes);
		for (Map.Entry<?, ? extends @Nullable Object> entry : table.entrySet()) {
			byte[] name = String.valueOf(entry.getKey()).getBytes(StandardCharsets.UTF_8);
			content.writeByte(name.length);
			content.write(name);
			writeValue(content, entry.getValue());
		}
		out.writeInt(bytes.size());
		bytes.writeTo(out);
	}

	private static void writeArray(DataOutputStream out, List<?> values) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream content = new DataOutputStream(bytes);
		for (Object value : values) {
			writeValue(content, value);
		}
		out.writeInt(bytes.size());
		bytes.writeTo(out);
	}

	private static void writeValue(DataOutputStream out, @Nullable Object value) throws IOException {
		if (value == null) {
			out.writeByte('V');
		}
		else if (value instanceof Boolean flag) {
			out.writeByte('t');
			out.writeBoolean(flag);
		}
		else if (value instanceof Number number) {
			writeNumber(out, number);
		}
		else if (value instanceof byte[] bytes) {
			out.writeByte('x');
			out.writeInt(bytes.length);
			out.write(bytes);
		}
		else if (value instanceof BinaryString string) {
			writeLongString(out, string.bytes());
		}
		else if (value instanceof Date date) {
			out.writeByte('T');
			out.writeLong(date.getTime() / 1000);
		}
		else if (value instanceof List<?> list) {
			out.writeByte('A');
			writeArray(out, list);
		}
		else if (value instanceof Map<?, ?> map) {
			out.writeByte('F');
			writeTable(out, map);
		}
		else {
			writeLongString(out, Wire.bytes(value.toString()));
		}
	}

	private static void writeLongString(DataOutputStream out, byte[] bytes) throws IOException {
		out.writeByte('S');
		out.writeInt(bytes.length);
		out.write(bytes);
	}

	private static void writeNumber(DataOutputStream out, Number number) throws IOException {
		if (number instanceof Integer) {
			out.writeByte('I');
			out.writeInt(number.intValue());
		}
		else if (number instanceof Byte) {
			out.writeByte('b');
			out.writeByte(number.byteValue());
		}
		else if (number instanceof Short) {
			out.writeByte('s');
			out.writeShort(number.shortValue());
		}
		else if (number instanceof Float) {
			out.writeByte('f');
			out.writeFloat(number.floatValue());
		}
		else if (number instanceof Double) {
			out.writeByte('d');
			out.writeDouble(number.doubleValue());
		}
		else if (number instanceof BigDecimal decimal) {
			out.writeByte('D');
			out.writeByte(decimal.scale());
			out.writeInt(decimal.unscaledValue().intValue());
		}
		else if (number instanceof Unsigned unsigned) {
			out.writeByte(unsigned.tag());
			switch (unsigned.tag()) {
				case 'B' -> out.writeByte(unsigned.intValue());
				case 'u' -> out.writeShort(unsigned.intValue());
				default -> out.writeInt(unsigned.intValue());
			}
		}
		else {
			out.writeByte('l');
			out.writeLong(number.longValue());
		}
	}

	/**
	 * The table as text, for the durable configuration.
	 */
	public static String toText(Map<String, ? extends @Nullable Object> table) {
		return Base64.getEncoder().encodeToString(write(table));
	}

	public static Map<String, @Nullable Object> fromText(String text) {
		return read(ByteBuffer.wrap(Base64.getDecoder().decode(text)));
	}

	/**
	 * What RabbitMQ calls the type of a value, in its error texts.
	 */
	public static String typeName(@Nullable Object value) {
		if (value == null) {
			return "void";
		}
		if (value instanceof Boolean) {
			return "bool";
		}
		if (value instanceof Unsigned unsigned) {
			return switch (unsigned.tag()) {
				case 'B' -> "unsignedbyte";
				case 'u' -> "unsignedshort";
				default -> "unsignedint";
			};
		}
		if (value instanceof Integer) {
			return "signedint";
		}
		if (value instanceof Long) {
			return "long";
		}
		if (value instanceof Short) {
			return "short";
		}
		if (value instanceof Byte) {
			return "byte";
		}
		if (value instanceof Float) {
			return "float";
		}
		if (value instanceof Double) {
			return "double";
		}
		if (value instanceof BigDecimal) {
			return "decimal";
		}
		if (value instanceof byte[]) {
			return "binary";
		}
		if (value instanceof Date) {
			return "timestamp";
		}
		if (value instanceof List) {
			return "array";
		}
		return (value instanceof Map) ? "table" : "longstr";
	}

	/**
	 * Whether the value is of one of AMQP's integer types.
	 */
	public static boolean isInteger(@Nullable Object value) {
		return value instanceof Number && !(value instanceof Float) && !(value instanceof Double)
				&& !(value instanceof BigDecimal);
	}

}
