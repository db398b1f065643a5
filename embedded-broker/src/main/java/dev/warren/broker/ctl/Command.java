package dev.warren.broker.ctl;

import java.util.List;
import java.util.Set;

/**
 * A command.
 *
 * @param name its name
 * @param usage its arguments and options, as the help shows them
 * @param description what it does, in a sentence
 * @param least how many arguments it needs
 * @param most how many it takes
 * @param options those that are only its own
 * @param action what it does
 */
record Command(String name, String usage, String description, int least, int most, Set<String> options, Action action) {

	static final int ANY_NUMBER = Integer.MAX_VALUE;

	static Command of(String name, String usage, String description, int least, int most, Action action) {
		return new Command(name, usage, description, least, most, Set.of(), action);
	}

	Command with(String... options) {
		return new Command(this.name, this.usage, this.description, this.least, this.most, Set.of(options),
				this.action);
	}

	String usageLine() {
		return ("warrenctl [--data-dir <directory>] [--url <url>] [--quiet] " + this.name + " " + this.usage).strip();
	}

	/**
	 * Refuses a command line that this command cannot be run with.
	 */
	void check(CommandLine line) {
		List<String> unknown = line.options()
			.keySet()
			.stream()
			.filter((option) -> !CommandLine.GENERAL.contains(option) && !this.options.contains(option))
			.map((option) -> "--" + option + " : " + line.options().get(option))
			.sorted()
			.toList();
		if (!unknown.isEmpty()) {
			throw CommandFailure.usage("Invalid options for this command:\n" + String.join("\n", unknown));
		}
		if (line.arguments().size() < this.least) {
			throw CommandFailure.usage("not enough arguments.");
		}
		if (line.arguments().size() > this.most) {
			throw CommandFailure.usage("too many arguments.");
		}
	}

	@FunctionalInterface
	interface Action {

		void run(Call call);

	}

}
