package dev.warren.logs.subscriptions;

/**
 * The matching of topic exchanges (AMQP&nbsp;0-9-1, section 3.1.3.3): keys are words with
 * dots between, in a binding key {@code *} stands for exactly one word and {@code #} for
 * any number of them, also none. A word may be empty, so that {@code a.} has two.
 */
final class TopicPattern {

	private static final String[] NO_WORDS = {};

	private TopicPattern() {
	}

	/**
	 * Tells whether a binding key matches a routing key. Takes time in proportion to the
	 * product of their lengths.
	 */
	static boolean matches(String bindingKey, String routingKey) {
		String[] key = words(routingKey);
		// How many words of the key the pattern can match, as far as it has been read.
		boolean[] matched = new boolean[key.length + 1];
		matched[0] = true;
		for (String word : words(bindingKey)) {
			boolean[] next = new boolean[key.length + 1];
			next[0] = matched[0] && word.equals("#");
			for (int i = 1; i <= key.length; i++) {
				next[i] = word.equals("#") ? matched[i] || next[i - 1]
						: matched[i - 1] && (word.equals("*") || word.equals(key[i - 1]));
			}
			matched = next;
		}
		return matched[key.length];
	}

	// To RabbitMQ the empty key has no words, though '.' has two.
	private static String[] words(String key) {
		return key.isEmpty() ? NO_WORDS : key.split("\\.", -1);
	}

}
