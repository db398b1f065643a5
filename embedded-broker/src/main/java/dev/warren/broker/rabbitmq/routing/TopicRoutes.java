package dev.warren.broker.rabbitmq.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keys are words with dots between; in a binding key {@code *} stands for one word,
 * {@code #} for any number of them. The binding keys form a tree, word by word.
 */
final class TopicRoutes implements Routes {

	private static final String ONE_WORD = "*";

	private static final String ANY_WORDS = "#";

	private final Node root = new Node();

	@Override
	public void add(Binding binding) {
		Node node = this.root;
		for (String word : words(binding.key())) {
			node = node.children.computeIfAbsent(word, (key) -> new Node());
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

	@Override
	public void match(String routingKey, Routing<?> routing) {
		match(this.root, words(routingKey), 0, routing);
	}

	private static void match(Node node, List<String> words, int index, Routing<?> routing) {
		Node anyWords = node.children.get(ANY_WORDS);
		if (anyWords != null) {
			for (int rest = index; rest <= words.size(); rest++) {
				match(anyWords, words, rest, routing);
			}
		}
		if (index == words.size()) {
			for (Binding binding : node.bindings) {
				routing.add(binding.target());
			}
			return;
		}
		Node oneWord = node.children.get(ONE_WORD);
		if (oneWord != null) {
			match(oneWord, words, index + 1, routing);
		}
		String word = words.get(index);
		if (!word.equals(ONE_WORD) && !word.equals(ANY_WORDS)) {
			Node exact = node.children.get(word);
			if (exact != null) {
				match(exact, words, index + 1, routing);
			}
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

		private volatile Binding[] bindings = {};

	}

}
