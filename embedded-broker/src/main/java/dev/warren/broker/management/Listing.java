package dev.warren.broker.management;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.warren.broker.management.sample.Range;
import dev.warren.broker.rabbitmq.access.BoundedMatching;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * How a request wants what it asks for: which columns, in which order, which page. Only
 * the items of the page are looked at closely, unless they are sorted by something that
 * needs it.
 *
 * @see <a href="https://www.rabbitmq.com/docs/http-api-reference">HTTP API Reference</a>
 */
final class Listing {

	private static final int DEFAULT_PAGE_SIZE = 100;

	private static final int MOST_OF_PAGE = 500;

	private static final String NAME = "name";

	private final Function<String, @Nullable String> parameters;

	private final List<String> columns;

	Listing(Function<String, @Nullable String> parameters) {
		this.parameters = parameters;
		String wanted = parameters.apply("columns");
		this.columns = (wanted == null || wanted.isBlank()) ? List.of()
				: Stream.of(wanted.split(",")).filter((column) -> column.split("\\.").length > 0).toList();
	}

	private @Nullable String parameter(String name) {
		return this.parameters.apply(name);
	}

	boolean is(String parameter) {
		return "true".equals(parameter(parameter));
	}

	/**
	 * Which samples are wanted, or null for none.
	 * @param what such as {@code msg_rates}
	 */
	@Nullable Range range(String what) {
		Integer age = integer(what + "_age");
		Integer increment = integer(what + "_incr");
		if (age == null || increment == null) {
			return null;
		}
		if (age <= 0 || increment <= 0 || age / increment > Range.MOST) {
			throw ApiException.badRequest("Invalid range parameters: age %d, incr %d".formatted(age, increment));
		}
		return new Range(age, increment);
	}

	/**
	 * Null also for what is no number.
	 */
	private @Nullable Integer integer(String name) {
		String text = parameter(name);
		try {
			return (text != null) ? Integer.valueOf(text) : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	/**
	 * One object, or the columns of it that are wanted.
	 */
	Map<String, @Nullable Object> of(Map<String, @Nullable Object> object) {
		return this.columns.isEmpty() ? object : only(object);
	}

	/**
	 * A list of objects, in the order of the items unless the request wants another; a
	 * page of it if the request wants one.
	 * @param name the name of an item
	 * @param object what is to be seen of an item
	 */
	<T> Object of(Collection<T> items, Function<T, String> name, Function<T, Map<String, @Nullable Object>> object) {
		if (parameter("page") == null) {
			return sorted(items, name, object).stream().map((item) -> of(item.map())).toList();
		}
		int page = number("page", 1);
		int size = number("page_size", DEFAULT_PAGE_SIZE);
		if (page < 1 || size < 1 || size > MOST_OF_PAGE) {
			throw ApiException.badRequest("invalid_pagination_parameters",
					"Invalid pagination parameters: page number '%d', page size '%d'".formatted(page, size));
		}
		Predicate<String> wanted = nameFilter();
		List<Item<T>> matching = sorted(items.stream().filter((item) -> wanted.test(name.apply(item))).toList(), name,
				object);
		int pages = Math.max(1, (matching.size() + size - 1) / size);
		if (page > pages) {
			throw ApiException.badRequest("page_out_of_range",
					"Page out of range, page: %d page size: %d, len: %d".formatted(page, size, matching.size()));
		}
		int from = (page - 1) * size;
		List<Map<String, @Nullable Object>> shown = matching.subList(from, Math.min(from + size, matching.size()))
			.stream()
			.map((item) -> of(item.map()))
			.toList();
		Map<String, @Nullable Object> result = new LinkedHashMap<>();
		result.put("filtered_count", matching.size());
		result.put("item_count", shown.size());
		result.put("items", shown);
		result.put("page", page);
		result.put("page_count", pages);
		result.put("page_size", size);
		result.put("total_count", items.size());
		return result;
	}

	private int number(String parameter, int fallback) {
		String text = parameter(parameter);
		try {
			return (text != null) ? Integer.parseInt(text) : fallback;
		}
		catch (NumberFormatException ex) {
			throw ApiException.badRequest("Pagination parameters are invalid");
		}
	}

	private Predicate<String> nameFilter() {
		String wanted = parameter(NAME);
		if (wanted == null || wanted.isEmpty()) {
			return (name) -> true;
		}
		if (!is("use_regex")) {
			String lower = wanted.toLowerCase(Locale.ROOT);
			return (name) -> name.toLowerCase(Locale.ROOT).contains(lower);
		}
		try {
			Pattern pattern = Pattern.compile(wanted, Pattern.CASE_INSENSITIVE);
			return (name) -> BoundedMatching.find(pattern, name);
		}
		catch (PatternSyntaxException ex) {
			return (name) -> false;
		}
	}

	private <T> List<Item<T>> sorted(Collection<T> items, Function<T, String> name,
			Function<T, Map<String, @Nullable Object>> object) {
		List<Item<T>> sorted = items.stream().map((item) -> new Item<>(item, object)).collect(Collectors.toList());
		String sort = parameter("sort");
		if (sort != null && !sort.isEmpty()) {
			Comparator<Item<T>> order = sort.equals(NAME) ? Comparator.comparing((item) -> name.apply(item.source))
					: (one, other) -> compare(find(one.map(), sort), find(other.map(), sort));
			sorted.sort(is("sort_reverse") ? order.reversed() : order);
		}
		else if (is("sort_reverse")) {
			Collections.reverse(sorted);
		}
		return sorted;
	}

	private static int compare(@Nullable Object one, @Nullable Object other) {
		if (one == null || other == null) {
			return Boolean.compare(one != null, other != null);
		}
		if (one instanceof Number number && other instanceof Number otherNumber) {
			return Double.compare(number.doubleValue(), otherNumber.doubleValue());
		}
		// As in Erlang, numbers are less than everything else.
		return (one instanceof Number != other instanceof Number) ? ((one instanceof Number) ? -1 : 1)
				: one.toString().compareTo(other.toString());
	}

	/**
	 * What is at a path such as {@code message_stats.publish_details.rate}.
	 */
	private static @Nullable Object find(Map<?, ?> object, String path) {
		Object found = object;
		for (String name : path.split("\\.")) {
			found = (found instanceof Map<?, ?> map) ? map.get(name) : null;
		}
		return found;
	}

	private Map<String, @Nullable Object> only(Map<String, @Nullable Object> object) {
		Map<String, @Nullable Object> result = new LinkedHashMap<>();
		for (String column : this.columns) {
			Object value = find(object, column);
			if (value != null) {
				put(result, column.split("\\."), 0, value);
			}
		}
		return result;
	}

	@SuppressWarnings("unchecked")
	private static void put(Map<String, @Nullable Object> target, String[] path, int index, Object value) {
		if (index == path.length - 1) {
			target.put(path[index], value);
			return;
		}
		Object next = target.get(path[index]);
		if (!(next instanceof LinkedHashMap<?, ?>)) {
			next = new LinkedHashMap<String, @Nullable Object>();
			target.put(path[index], next);
		}
		put((Map<String, @Nullable Object>) next, path, index + 1, value);
	}

	/**
	 * Something that is looked at when it has to be.
	 */
	private static final class Item<T> {

		private final T source;

		private final Function<T, Map<String, @Nullable Object>> view;

		private @Nullable Map<String, @Nullable Object> map;

		Item(T source, Function<T, Map<String, @Nullable Object>> view) {
			this.source = source;
			this.view = view;
		}

		Map<String, @Nullable Object> map() {
			Map<String, @Nullable Object> known = this.map;
			if (known == null) {
				known = this.view.apply(this.source);
				this.map = known;
			}
			return known;
		}

	}

	/**
	 * Reads it from the query of a request.
	 */
	static final class Resolver implements HandlerMethodArgumentResolver {

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			return parameter.getParameterType() == Listing.class;
		}

		@Override
		public Object resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer container,
				NativeWebRequest request, @Nullable WebDataBinderFactory binderFactory) {
			return new Listing(request::getParameter);
		}

	}

}
