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
	 * product of their lengths at most.
	 */
	static boolean matches(String bindingKey, String routingKey) {
		String[] pattern = words(bindingKey);
		String[] key = words(routingKey);
		int p = 0;
		int k = 0;
		int hash = -1;
		int hashEnd = 0;
		while (k < key.length) {
			if (p < pattern.length && pattern[p].equals("#")) {
				hash = p++;
				hashEnd = k;
			}
			else if (p < pattern.length && (pattern[p].equals("*") || pattern[p].equals(key[k]))) {
				p++;
				k++;
			}
			else if (hash >= 0) {
				// Let the last '#' take one more word. Those before it need not be tried
				// again: what they could give, this one can take.
				p = hash + 1;
				k = ++hashEnd;
			}
			else {
				return false;
			}
		}
		while (p < pattern.length && pattern[p].equals("#")) {
			p++;
		}
		return p == pattern.length;
	}

	// To RabbitMQ the empty key has no words, though '.' has two.
	private static String[] words(String key) {
		return key.isEmpty() ? NO_WORDS : key.split("\\.", -1);
	}

}
