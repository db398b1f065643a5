package dev.warren.broker.rabbitmq.routing;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

/**
 * Keys are words with dots between; in a binding key {@code *} stands for one word,
 * {@code #} for any number of them. The binding keys form a tree, word by word.
 */
public final class TopicRoutes implements Routes {

	private static final String ONE_WORD = "*";

	private static final String ANY_WORDS = "#";

	private final Node root = new Node(false);

	/**
	 * @param most how many {@code #} a key may have
	 * @throws ProtocolException if the binding key has more
	 */
	static void check(String key, int most) {
		long hashes = hashes(key);
		if (hashes > most) {
			throw ReplyCode.PRECONDITION_FAILED
				.error("Topic binding key '%s' uses %d '#' wildcards, at most %d are allowed", key, hashes, most);
		}
	}

	/**
	 * How many words of the binding key are {@code #}.
	 */
	static long hashes(String key) {
		return words(key).stream().filter(ANY_WORDS::equals).count();
	}

	@Override
	public void add(Binding binding) {
		Node node = this.root;
		for (String word : words(binding.key())) {
			node = node.children.computeIfAbsent(word, (key) -> new Node(key.equals(ANY_WORDS)));
		}
		node.bindings = FanoutRoutes.with(node.bindings, binding);
	}

	@Override
	public void remove(Binding binding) {
		remove(this.root, words(binding.key()), 0, binding);
	}

	private static void remove(Node node, List<String> words, int index, Binding binding) {
		if (index == words.size()) {
			node.bindings = FanoutRoutes.without(node.bindings, binding);
			return;
		}
		Node child = node.children.get(words.get(index));
		if (child != null) {
			remove(child, words, index + 1, binding);
			if (child.bindings.length == 0 && child.children.isEmpty()) {
				node.children.remove(words.get(index));
			}
		}
	}

	/**
	 * Follows all that may match at once, word by word: however many {@code #} there are,
	 * each part of each binding key is looked at once for each word.
	 */
	@Override
	public void match(String routingKey, Routing<?> routing) {
		Set<Node> reached = new LinkedHashSet<>();
		reach(this.root, reached);
		for (String word : words(routingKey)) {
			Set<Node> next = new LinkedHashSet<>();
			for (Node node : reached) {
				if (node.anyWords) {
					reach(node, next);
				}
				reach(node.children.get(ONE_WORD), next);
				if (!word.equals(ONE_WORD) && !word.equals(ANY_WORDS)) {
					reach(node.children.get(word), next);
				}
			}
			reached = next;
		}
		for (Node node : reached) {
			for (Binding binding : node.bindings) {
				routing.add(binding);
			}
		}
	}

	private static void reach(@Nullable Node node, Set<Node> reached) {
		// A '#' stands for no word, too.
		for (Node current = node; current != null && reached.add(current);) {
			current = current.children.get(ANY_WORDS);
		}
	}

	/**
	 * The words of a key, of which some may be empty. An empty key has none.
	 */
	static List<String> words(String key) {
		List<String> words = new ArrayList<>();
		if (key.isEmpty()) {
			return words;
		}
		int start = 0;
		int dot = key.indexOf('.');
		while (dot >= 0) {
			words.add(key.substring(start, dot));
			start = dot + 1;
			dot = key.indexOf('.', start);
		}
		words.add(key.substring(start));
		return words;
	}

	private static final class Node {

		private final Map<String, Node> children = new ConcurrentHashMap<>();

		/** Whether it is reached by any number of words. */
		private final boolean anyWords;

		private volatile Binding[] bindings = {};

		Node(boolean anyWords) {
			this.anyWords = anyWords;
		}

	}

}
