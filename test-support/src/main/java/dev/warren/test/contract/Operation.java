package dev.warren.test.contract;

import java.util.Set;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;

/**
 * An operation of an OpenAPI document.
 *
 * @param method its HTTP method
 * @param path its path, a template
 * @param json what the document says of it
 */
record Operation(String method, String path, JsonNode json) {

	boolean matches(String otherMethod, String otherPath) {
		return this.method.equals(otherMethod)
				&& Pattern.matches(this.path.replaceAll("\\{[^}]*}", "[^/]*"), otherPath);
	}

	/**
	 * How many of its path's segments are parameters.
	 */
	long parameters() {
		return this.path.chars().filter((c) -> c == '{').count();
	}

	/**
	 * The statuses it is documented to answer with.
	 */
	Set<String> statuses() {
		return Set.copyOf(this.json.get("responses").propertyNames());
	}

	boolean hasBody() {
		return this.json.has("requestBody");
	}

	/**
	 * The media types of the bodies it takes.
	 */
	Set<String> bodyTypes() {
		return Set.copyOf(this.json.at("/requestBody/content").propertyNames());
	}

	boolean isStream() {
		return this.json.at("/responses/200/content").has("text/event-stream");
	}

	@Override
	public String toString() {
		return this.method + " " + this.path;
	}

}
