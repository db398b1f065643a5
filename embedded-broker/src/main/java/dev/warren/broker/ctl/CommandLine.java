package dev.warren.broker.ctl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A command line taken apart. Options may be anywhere in it; behind {@code --} is none.
 *
 * @param words all of it
 * @param command the command, or null if there is only options
 * @param arguments those of the command
 * @param options by their long names, with an empty value where none is expected
 */
record CommandLine(List<String> words, @Nullable String command, List<String> arguments, Map<String, String> options) {

	/** For every command. */
	static final Set<String> GENERAL = Set.of("quiet", "silent", "help", "version", "formatter", "node", "longnames",
			"timeout", "data-dir", "url", "vhost", "no-table-headers");

	private static final Set<String> WITH_VALUE = Set.of("formatter", "node", "timeout", "data-dir", "url", "vhost",
			"priority", "apply-to", "description", "tags", "default-queue-type", "user", "format");

	private static final Map<String, String> SHORT = Map.of("-q", "quiet", "-s", "silent", "-?", "help", "-n", "node",
			"-l", "longnames", "-t", "timeout", "-p", "vhost", "-e", "if-empty", "-u", "if-unused");

	static CommandLine parse(List<String> words) {
		List<String> arguments = new ArrayList<>();
		Map<String, String> options = new LinkedHashMap<>();
		for (int i = 0; i < words.size(); i++) {
			String word = words.get(i);
			if (word.equals("--")) {
				arguments.addAll(words.subList(i + 1, words.size()));
				break;
			}
			String option = option(word);
			if (option == null) {
				arguments.add(word);
				continue;
			}
			int value = option.indexOf('=');
			if (value > 0) {
				options.put(option.substring(0, value), option.substring(value + 1));
			}
			else if (WITH_VALUE.contains(option) && i + 1 < words.size()) {
				options.put(option, words.get(++i));
			}
			else {
				options.put(option, "");
			}
		}
		String command = arguments.isEmpty() ? null : arguments.remove(0);
		return new CommandLine(List.copyOf(words), command, List.copyOf(arguments), Map.copyOf(options));
	}

	private static @Nullable String option(String word) {
		if (word.startsWith("--")) {
			return word.substring(2);
		}
		return SHORT.get(word);
	}

	boolean has(String option) {
		return this.options.containsKey(option);
	}

}
