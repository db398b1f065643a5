package dev.warren.broker.management;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Writes metrics as Prometheus reads them.
 *
 * @see <a href=
 * "https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format">Text-based
 * format</a>
 */
final class Exposition {

	static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

	private static final Set<String> UNTYPED = Set.of("rabbitmq_build_info", "rabbitmq_identity_info",
			"rabbitmq_alarms_free_disk_space_watermark", "rabbitmq_alarms_memory_used_watermark");

	private final StringBuilder text = new StringBuilder();

	private final Grain grain;

	private final Set<String> groups;

	private boolean wanted = true;

	/**
	 * @param groups what RabbitMQ calls families; all if there are none
	 */
	Exposition(Grain grain, Set<String> groups) {
		this.grain = grain;
		this.groups = groups;
	}

	/**
	 * What follows belongs to a group, and is left out if that is not wanted.
	 * @return whether it is
	 */
	boolean group(String... names) {
		this.wanted = this.grain != Grain.DETAILED || Set.of(names).stream().anyMatch(this.groups::contains);
		return this.wanted;
	}

	boolean isAggregated() {
		return this.grain == Grain.AGGREGATED;
	}

	boolean isDetailed() {
		return this.grain == Grain.DETAILED;
	}

	/**
	 * A metric of each of some things, or the sum of them.
	 * @param name without {@code rabbitmq_}; a counter's ends with {@code _total}
	 */
	<T> void each(String name, String help, Collection<T> things, Function<T, String> labels,
			ToDoubleFunction<T> value) {
		if (!this.wanted) {
			return;
		}
		if (this.grain == Grain.AGGREGATED) {
			one(name, help, things.stream().mapToDouble(value).sum());
			return;
		}
		String full = head(this.grain.prefix + name, help);
		for (T thing : things) {
			sample(full, labels.apply(thing), value.applyAsDouble(thing));
		}
	}

	/**
	 * A metric of the broker.
	 */
	void one(String name, String help, double value) {
		if (this.wanted) {
			sample(head(this.grain.prefix + name, help), "", value);
		}
	}

	/**
	 * A metric that has the same name however fine the others are.
	 * @param name the whole of it
	 */
	<T> void named(String name, String help, Collection<T> things, Function<T, String> labels,
			ToDoubleFunction<T> value) {
		if (this.wanted) {
			String full = head(name, help);
			things.forEach((thing) -> sample(full, labels.apply(thing), value.applyAsDouble(thing)));
		}
	}

	private String head(String name, String help) {
		String type = name.endsWith("_total") ? "counter" : UNTYPED.contains(name) ? "untyped" : "gauge";
		this.text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
		this.text.append("# HELP ").append(name).append(' ').append(help).append('\n');
		return name;
	}

	private void sample(String name, String labels, double value) {
		this.text.append(name);
		if (!labels.isEmpty()) {
			this.text.append('{').append(labels).append('}');
		}
		this.text.append(' ');
		if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
			this.text.append((long) value);
		}
		else {
			this.text.append(String.format(Locale.ROOT, "%.3f", value));
		}
		this.text.append('\n');
	}

	/**
	 * Labels of a sample.
	 * @param pairs each name followed by its value
	 */
	static String labels(String... pairs) {
		StringBuilder labels = new StringBuilder();
		for (int i = 0; i < pairs.length; i += 2) {
			labels.append((i > 0) ? "," : "").append(pairs[i]).append("=\"").append(escape(pairs[i + 1])).append('"');
		}
		return labels.toString();
	}

	private static String escape(String value) {
		return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
	}

	@Override
	public String toString() {
		return this.text.toString();
	}

	/**
	 * How fine metrics are.
	 */
	enum Grain {

		/** Sums, for the broker as a whole. */
		AGGREGATED("rabbitmq_"),

		/** Of each queue, channel, connection and exchange. */
		PER_OBJECT("rabbitmq_"),

		/** Those of the groups that are wanted, of each queue and so on. */
		DETAILED("rabbitmq_detailed_");

		private final String prefix;

		Grain(String prefix) {
			this.prefix = prefix;
		}

		String endpoint() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
