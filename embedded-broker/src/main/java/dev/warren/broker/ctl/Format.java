package dev.warren.broker.ctl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.warren.broker.ctl.Rows.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

/**
 * How a command prints what it lists, in the formats of {@code rabbitmqctl} and as it
 * does: a client's table is a list of Erlang's pairs, and in JSON has its types.
 */
enum Format {

	/** Columns with tabs between them. */
	TABLE {

		@Override
		List<String> lines(Rows rows, boolean headers) {
			return separated(rows, headers, "\t", Format::text);
		}

	},

	/** Comma-separated, all values in quotes. */
	CSV {

		@Override
		List<String> lines(Rows rows, boolean headers) {
			return separated(rows, headers, ",", (value) -> quoted(text(value)));
		}

		private static String quoted(String text) {
			return '"' + text.replace("\"", "\"\"") + '"';
		}

	},

	/** An array, an object a line. */
	JSON {

		@Override
		List<String> lines(Rows rows, boolean headers) {
			List<String> lines = new ArrayList<>();
			lines.add("[");
			for (List<Value> row : rows.rows()) {
				String object = IntStream.range(0, row.size())
					.mapToObj((i) -> StringNode.valueOf(rows.columns().get(i)) + ":" + json(row.get(i)))
					.collect(Collectors.joining(",", "{", "}"));
				lines.add((lines.size() > 1) ? "," + object : object);
			}
			lines.add("]");
			return lines;
		}

	},

	/** With lines around the columns. */
	PRETTY_TABLE {

		@Override
		List<String> lines(Rows rows, boolean headers) {
			List<List<String>> cells = cells(rows, headers, Format::text);
			if (cells.isEmpty()) {
				return List.of();
			}
			List<Integer> widths = IntStream.range(0, rows.columns().size())
				.mapToObj((column) -> cells.stream().mapToInt((row) -> row.get(column).length()).max().orElse(0))
				.toList();
			List<String> lines = new ArrayList<>();
			lines.add(rule(widths, "┌", "┬", "┐"));
			for (List<String> row : cells) {
				if (lines.size() > 1) {
					lines.add(rule(widths, "├", "┼", "┤"));
				}
				lines.add(IntStream.range(0, row.size())
					.mapToObj((i) -> row.get(i) + " ".repeat(widths.get(i) - row.get(i).length()))
					.collect(Collectors.joining(" │ ", "│ ", " │")));
			}
			lines.add(rule(widths, "└", "┴", "┘"));
			return lines;
		}

		private static String rule(List<Integer> widths, String left, String middle, String right) {
			return widths.stream()
				.map((width) -> "─".repeat(width + 2))
				.collect(Collectors.joining(middle, left, right));
		}

	};

	abstract List<String> lines(Rows rows, boolean headers);

	/** Whether it is read by programs, which nothing else may be printed for. */
	boolean forPrograms() {
		return this == JSON || this == CSV;
	}

	static Format of(String name) {
		try {
			return valueOf(name.toUpperCase(Locale.ROOT));
		}
		catch (IllegalArgumentException ex) {
			throw CommandFailure.usage("Formatter " + name + " is not one of table, pretty_table, csv, json");
		}
	}

	private static List<String> separated(Rows rows, boolean headers, String separator, Cell cell) {
		return cells(rows, headers, cell).stream().map((row) -> String.join(separator, row)).toList();
	}

	/** Nothing at all where nothing is listed. */
	private static List<List<String>> cells(Rows rows, boolean headers, Cell cell) {
		if (rows.rows().isEmpty()) {
			return List.of();
		}
		List<Value> names = rows.columns().stream().map((name) -> Value.of(StringNode.valueOf(name))).toList();
		return Stream.concat(headers ? Stream.of(names) : Stream.empty(), rows.rows().stream())
			.map((row) -> row.stream().map(cell::show).toList())
			.toList();
	}

	private static String text(Value value) {
		JsonNode json = value.json();
		if (json == null || json.isNull() || json.isMissingNode()) {
			return "";
		}
		if (value.table()) {
			return term(json.isObject() ? json : JsonNodeFactory.instance.objectNode());
		}
		if (json.isArray()) {
			return json.valueStream()
				.map((tag) -> printable(tag.asString("")))
				.collect(Collectors.joining(", ", "[", "]"));
		}
		return printable(json.isString() ? json.stringValue() : json.toString());
	}

	/** As Erlang writes it. */
	private static String term(JsonNode json) {
		if (json.isObject()) {
			return json.propertyStream()
				.map((field) -> "{" + term(StringNode.valueOf(field.getKey())) + "," + term(field.getValue()) + "}")
				.collect(Collectors.joining(",", "[", "]"));
		}
		if (json.isArray()) {
			return json.valueStream().map(Format::term).collect(Collectors.joining(",", "[", "]"));
		}
		return printable(json.toString());
	}

	/** A client's name for something must not move the cursor of whoever lists it. */
	private static String printable(String text) {
		if (text.chars().noneMatch(Character::isISOControl)) {
			return text;
		}
		return text.chars()
			.mapToObj((character) -> Character.isISOControl(character) ? "\\%03o".formatted(character)
					: Character.toString(character))
			.collect(Collectors.joining());
	}

	private static String json(Value value) {
		JsonNode json = value.json();
		if (json == null || json.isNull() || json.isMissingNode()) {
			return "\"\"";
		}
		return value.table() ? typed(json) : json.toString();
	}

	private static String typed(JsonNode table) {
		if (!table.isObject()) {
			return "[]";
		}
		return table.propertyStream()
			.map((field) -> "[" + StringNode.valueOf(field.getKey()) + "," + typedValue(field) + "]")
			.collect(Collectors.joining(",", "[", "]"));
	}

	private static String typedValue(Map.Entry<String, JsonNode> field) {
		JsonNode json = field.getValue();
		if (json.isObject()) {
			return "\"table\"," + typed(json);
		}
		if (json.isArray()) {
			return "\"array\"," + json.valueStream()
				.map((item) -> "[" + typedValue(Map.entry("", item)) + "]")
				.collect(Collectors.joining(",", "[", "]"));
		}
		if (json.isString()) {
			return "\"longstr\"," + json;
		}
		if (json.isBoolean()) {
			return "\"bool\"," + json;
		}
		if (json.isNumber()) {
			String type = json.canConvertToInt() ? "signedint" : "long";
			return "\"" + (json.isIntegralNumber() ? type : "double") + "\"," + json;
		}
		return "\"void\",\"undefined\"";
	}

	/** How a value is shown. */
	@FunctionalInterface
	private interface Cell {

		String show(Value value);

	}

}
