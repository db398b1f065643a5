package dev.warren.broker.rabbitmq.routing;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Says, for people, why an exchange has no queue for a routing key.
 */
final class NearestBinding {

	private static final String ONE_WORD = "*";

	private static final String ANY_WORDS = "#";

	/** What differs more has nothing to do with it. */
	private static final int FAR = 4;

	/** With more words of binding keys, hundreds of messages would take minutes. */
	private static final int MOST_WORDS = 3000;

	private NearestBinding() {
	}

	/**
	 * Why no queue gets what is published with that key, as far as the bindings tell that
	 * there are now.
	 * @param queues the names of all queues
	 */
	static String explain(Exchange exchange, String key, Collection<String> queues) {
		if (exchange.name().equals(Exchange.DEFAULT)) {
			return "there is no queue '" + key + "'" + nearest(key, queues.stream().map(Candidate::ofQueue));
		}
		List<Binding> bindings = exchange.bindings();
		if (bindings.isEmpty()) {
			return exchange + " has no bindings";
		}
		return switch (exchange.definition().type()) {
			case TOPIC -> explain(exchange, key, bindings.stream().map(Candidate::ofPattern));
			case DIRECT -> explain(exchange, key, bindings.stream().map(Candidate::ofBinding));
			default -> "no binding of " + exchange + " matches: "
					+ bindings.stream().limit(FAR).map(Binding::arguments).toList();
		};
	}

	private static String explain(Exchange exchange, String key, Stream<Candidate> candidates) {
		return "no binding of " + exchange + " matches '" + key + "'" + nearest(key, candidates);
	}

	private static String nearest(String key, Stream<Candidate> candidates) {
		return candidates.limit(MOST_WORDS / (1 + TopicRoutes.words(key).size()))
			.min(Comparator.comparingInt((candidate) -> candidate.distance(key)))
			.map((candidate) -> candidate.compare(key))
			.orElse("");
	}

	/**
	 * In how many letters a key differs from a binding key, word by word if the binding
	 * key is a pattern.
	 */
	private static int wordDistance(List<String> key, List<String> pattern) {
		int[] before = new int[key.size() + 1];
		for (int j = 1; j <= key.size(); j++) {
			before[j] = before[j - 1] + key.get(j - 1).length() + 1;
		}
		for (String word : pattern) {
			int[] row = new int[key.size() + 1];
			boolean any = word.equals(ANY_WORDS);
			row[0] = before[0] + (any ? 0 : word.length() + 1);
			for (int j = 1; j <= key.size(); j++) {
				String next = key.get(j - 1);
				int skipWord = before[j] + (any ? 0 : word.length() + 1);
				int skipNext = row[j - 1] + (any ? 0 : next.length() + 1);
				int both = before[j - 1] + ((any || word.equals(ONE_WORD)) ? 0 : letterDistance(next, word));
				row[j] = Math.min(both, Math.min(skipWord, skipNext));
			}
			before = row;
		}
		return before[key.size()];
	}

	/**
	 * The Levenshtein distance, or the most that it can be if they are far apart.
	 */
	private static int letterDistance(String one, String other) {
		int most = Math.max(one.length(), other.length());
		if (Math.abs(one.length() - other.length()) > FAR) {
			return most;
		}
		int[] before = new int[other.length() + 1];
		for (int j = 0; j <= other.length(); j++) {
			before[j] = j;
		}
		for (int i = 1; i <= one.length(); i++) {
			int[] row = new int[other.length() + 1];
			row[0] = i;
			int least = i;
			for (int j = 1; j <= other.length(); j++) {
				int change = (one.charAt(i - 1) == other.charAt(j - 1)) ? 0 : 1;
				row[j] = Math.min(before[j - 1] + change, Math.min(before[j], row[j - 1]) + 1);
				least = Math.min(least, row[j]);
			}
			if (least > FAR) {
				return most;
			}
			before = row;
		}
		return before[other.length()];
	}

	private static String words(List<String> words) {
		return (words.size() == 1) ? "one word" : words.size() + " words";
	}

	/**
	 * What a key may have been meant for.
	 */
	private record Candidate(String key, boolean pattern, String what) {

		static Candidate ofQueue(String name) {
			return new Candidate(name, false, "queue '" + name + "'");
		}

		static Candidate ofBinding(Binding binding) {
			return new Candidate(binding.key(), false, "binding '" + binding.key() + "'");
		}

		static Candidate ofPattern(Binding binding) {
			return new Candidate(binding.key(), true, "binding '" + binding.key() + "'");
		}

		int distance(String to) {
			if (to.equalsIgnoreCase(this.key)) {
				return to.equals(this.key) ? 0 : 1;
			}
			return this.pattern ? wordDistance(TopicRoutes.words(to), TopicRoutes.words(this.key))
					: letterDistance(to, this.key);
		}

		String compare(String to) {
			int distance = distance(to);
			if (distance == 0) {
				return "; the " + this.what + " does, but came later";
			}
			if (to.equalsIgnoreCase(this.key)) {
				return "; the " + this.what + " differs in upper and lower case";
			}
			List<String> words = TopicRoutes.words(this.key);
			if (this.pattern && !words.contains(ANY_WORDS) && words.size() != TopicRoutes.words(to).size()) {
				return "; the " + this.what + " is for keys of " + words(words) + ", and this has "
						+ words(TopicRoutes.words(to));
			}
			if (distance > FAR) {
				return "";
			}
			return "; the " + this.what + " differs in " + ((distance == 1) ? "one letter" : distance + " letters");
		}

	}

}
