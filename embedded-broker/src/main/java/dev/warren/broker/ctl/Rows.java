package dev.warren.broker.ctl;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a command lists: named columns, and rows of values.
 */
final class Rows {

	private final List<String> columns;

	private final List<List<Value>> rows = new ArrayList<>();

	Rows(List<String> columns) {
		this.columns = columns;
	}

	List<String> columns() {
		return this.columns;
	}

	List<List<Value>> rows() {
		return this.rows;
	}

	void add(List<Value> values) {
		this.rows.add(values);
	}

	/**
	 * A value in a row.
	 *
	 * @param json the value; null or a missing one is shown as nothing
	 * @param table whether it is the table of a client, whose values have types
	 */
	record Value(@Nullable JsonNode json, boolean table) {

		static Value of(@Nullable JsonNode json) {
			return new Value(json, false);
		}

		static Value table(@Nullable JsonNode json) {
			return new Value(json, true);
		}

	}

}
