package dev.warren.broker.ctl;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A command that is being run: what it was given, and where it says something.
 */
final class Call {

	private final CommandLine line;

	private final Format format;

	private final Map<String, String> environment;

	private final PrintStream out;

	private @Nullable ManagementApi api;

	Call(CommandLine line, Map<String, String> environment, PrintStream out) {
		this.line = line;
		this.format = Format.of(line.options().getOrDefault("formatter", "table"));
		this.environment = environment;
		this.out = out;
	}

	String argument(int index) {
		return this.line.arguments().get(index);
	}

	List<String> arguments() {
		return this.line.arguments();
	}

	boolean has(String option) {
		return this.line.has(option);
	}

	String option(String name, String otherwise) {
		return this.line.options().getOrDefault(name, otherwise);
	}

	String virtualHost() {
		return option("vhost", "/");
	}

	/** The broker's API: only a command that has read its arguments needs to find it. */
	ManagementApi api() {
		ManagementApi found = this.api;
		if (found == null) {
			found = new ManagementApi(BrokerAddress.find(this.line, this.environment), timeout());
			this.api = found;
		}
		return found;
	}

	private Duration timeout() {
		String seconds = option("timeout", "60");
		if (!seconds.matches("\\d{1,6}") || seconds.matches("0+")) {
			throw CommandFailure.usage("Invalid options for this command:\n--timeout : " + seconds);
		}
		return Duration.ofSeconds(Long.parseLong(seconds));
	}

	Format format() {
		return this.format;
	}

	/**
	 * Says what is being done, unless that is not wanted or would be in the way of a
	 * program that reads what comes out.
	 */
	void say(String message, Object... arguments) {
		if (!has("quiet") && !has("silent") && !this.format.forPrograms()) {
			print(message.formatted(arguments));
		}
	}

	/** Prints a line, whatever was wanted. */
	void print(String line) {
		this.out.println(line);
	}

	void print(Rows rows) {
		boolean headers = !has("silent") && !has("no-table-headers");
		this.format.lines(rows, headers).forEach(this::print);
	}

}
