package dev.warren.broker;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What applications did that later versions of RabbitMQ refuse or treat differently, so
 * that tests show it before production does.
 *
 * @param version the version that is played
 * @param uses each change with who met it, in the order in which they were first met
 */
public record UpgradeReport(RabbitMqVersion version, List<Use> uses) {

	public UpgradeReport {
		uses = List.copyOf(uses);
	}

	/**
	 * The names of the changes that were met, such as {@code global-prefetch}.
	 */
	public List<String> changes() {
		return this.uses.stream().map(Use::change).distinct().toList();
	}

	/**
	 * The report to read: each change with its cure and who met it.
	 */
	@Override
	public String toString() {
		if (this.uses.isEmpty()) {
			return "As RabbitMQ " + this.version + ": nothing that later versions refuse or treat differently.";
		}
		Map<String, List<Use>> byChange = this.uses.stream()
			.collect(Collectors.groupingBy(Use::change, LinkedHashMap::new, Collectors.toList()));
		StringBuilder text = new StringBuilder("As RabbitMQ " + this.version
				+ ": uses that later versions refuse or treat differently, or that are deprecated:");
		byChange.forEach((change, of) -> {
			Use first = of.get(0);
			text.append("\n- ").append(change).append(", ").append(first.effect.text(first.since)).append(". ");
			text.append(first.text).append("\n  Cure: ").append(first.cure);
			of.forEach((use) -> text.append("\n  ").append(use.who()));
		});
		return text.toString();
	}

	/**
	 * A use of something that RabbitMQ changed.
	 *
	 * @param change the name of the change, such as {@code global-prefetch}
	 * @param effect what becomes of the use
	 * @param since the first version in which it is so
	 * @param text what is so in that version
	 * @param cure what the application can do
	 * @param connection the name the client gave its connection, or else its product;
	 * {@code others} after the first hundred uses of a change, and empty if it is not
	 * known who it was
	 * @param subject the queue or exchange, or empty
	 * @param count how often
	 */
	public record Use(String change, Effect effect, RabbitMqVersion since, String text, String cure, String connection,
			String subject, long count) {

		private String who() {
			String by = this.connection.isEmpty() ? "" : "by '" + this.connection + "'";
			String on = this.subject.isEmpty() ? "" : "on " + this.subject;
			String what = (by.isEmpty() || on.isEmpty()) ? by + on : by + " " + on;
			return what + ((this.count == 1) ? "" : ", " + this.count + " times");
		}

	}

	/** What becomes of a use. */
	public enum Effect {

		/** It is an error. */
		REFUSED,

		/** It works, and does something else. */
		DIFFERENT,

		/** It works, and a later version will refuse it. */
		DEPRECATED;

		private String text(RabbitMqVersion since) {
			return name().toLowerCase(Locale.ROOT) + " since " + since;
		}

	}

}
