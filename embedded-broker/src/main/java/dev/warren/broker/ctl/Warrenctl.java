package dev.warren.broker.ctl;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The command line of a running broker: lists what is in it, and changes users, virtual
 * hosts, permissions and policies. Commands, their output and exit statuses are those of
 * RabbitMQ's {@code rabbitmqctl}.
 */
public final class Warrenctl {

	/** The argument of the application behind which a command comes. */
	public static final String COMMAND = "ctl";

	private static final int ARGUMENTS_WITH_PASSWORD = 2;

	private static final Map<String, Command> COMMANDS = Stream
		.of(ListCommands.commands(), UserCommands.commands(), VirtualHostCommands.commands(), BrokerCommands.commands())
		.flatMap(Function.identity())
		.sorted((one, other) -> one.name().compareTo(other.name()))
		.collect(Collectors.toMap(Command::name, Function.identity(), (one, other) -> one, LinkedHashMap::new));

	private final PrintStream out;

	private final PrintStream err;

	private final Map<String, String> environment;

	Warrenctl(PrintStream out, PrintStream err, Map<String, String> environment) {
		this.out = out;
		this.err = err;
		this.environment = environment;
	}

	/**
	 * Runs a command.
	 * @param arguments the command, its arguments and options
	 * @return the status to exit with, 0 if all went well
	 */
	public static int run(List<String> arguments) {
		PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
		PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
		return new Warrenctl(out, err, System.getenv()).execute(arguments);
	}

	int execute(List<String> words) {
		CommandLine line = CommandLine.parse(words);
		String name = line.has("version") ? "version" : line.command();
		if (name == null || name.equals("help") || line.has("help")) {
			return help(line, name);
		}
		Command command = COMMANDS.get(name);
		if (command == null) {
			this.err.println("\nCommand '" + name + "' not found. \n\n" + usage());
			return CommandFailure.USAGE;
		}
		try {
			command.check(line);
			command.action().run(new Call(line, this.environment, this.out));
			return 0;
		}
		catch (CommandFailure ex) {
			return explain(ex, command, line);
		}
	}

	private int explain(CommandFailure failure, Command command, CommandLine line) {
		this.err.println(failure.text());
		if (failure.isUsage()) {
			this.err.println("Arguments given:\n\t" + shown(command, line) + "\n\nUsage\n\n" + command.usageLine());
		}
		return failure.status();
	}

	/** Without what may be a password. */
	private static String shown(Command command, CommandLine line) {
		boolean secret = command.usage().contains("password") && line.arguments().size() >= ARGUMENTS_WITH_PASSWORD
				|| line.has("url");
		return secret ? command.name() + " ..." : String.join(" ", line.words());
	}

	private int help(CommandLine line, @Nullable String name) {
		boolean asked = "help".equals(name);
		String wanted = (asked && !line.arguments().isEmpty()) ? line.arguments().get(0) : name;
		Command command = (wanted != null) ? COMMANDS.get(wanted) : null;
		if (command != null) {
			this.out.println("\nUsage\n\n" + command.usageLine() + "\n\n" + command.description() + ".");
			return 0;
		}
		if (asked || line.has("help")) {
			this.out.println(usage());
			return 0;
		}
		this.err.println(usage());
		return CommandFailure.USAGE;
	}

	private static String usage() {
		String commands = COMMANDS.values()
			.stream()
			.map((command) -> "   %-32s %s".formatted(command.name(), command.description()))
			.collect(Collectors.joining("\n"));
		return """

				Usage

				warrenctl [--data-dir <directory>] [--url <url>] [--quiet] <command> [<command options>]

				Available commands:

				%s

				Options of all commands:

				   --data-dir <directory>   the broker's data directory, by default ./data
				   --url <url>              the management API of a broker elsewhere, such as http://user:password@host:15672
				   -p, --vhost <vhost>      the virtual host, by default /
				   -t, --timeout <seconds>  how long an answer may take, by default 60
				   -q, --quiet              suppress informational messages
				   -s, --silent             suppress informational messages and the row of headers
				   --formatter <format>     table, pretty_table, csv or json

				Use 'warrenctl help <command>' to learn more about a specific command
				"""
			.formatted(commands);
	}

}
