package dev.warren.workqueue.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.workqueue.WorkProperties;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * Reads a batch and checks each of its tasks. A task that is not acceptable is named by
 * its index, from 0.
 */
@Component
class BatchReader {

	static final int MAX_TASKS = 10_000;

	private static final String TEXT = "text";

	private final WorkProperties properties;

	private final JsonMapper jsonMapper;

	BatchReader(WorkProperties properties, JsonMapper jsonMapper) {
		this.properties = properties;
		this.jsonMapper = jsonMapper;
	}

	/**
	 * Reads a JSON array.
	 * @throws ProblemException if there is anything in it that is not acceptable
	 */
	List<String> readArray(InputStream body) throws IOException {
		return read(body, true);
	}

	/**
	 * Reads newline-delimited JSON.
	 * @throws ProblemException if there is anything in it that is not acceptable
	 */
	List<String> readLines(InputStream body) throws IOException {
		return read(body, false);
	}

	private List<String> read(InputStream body, boolean array) throws IOException {
		List<String> texts = new ArrayList<>();
		try (JsonParser parser = this.jsonMapper.createParser(body)) {
			if (array && parser.nextToken() != JsonToken.START_ARRAY) {
				throw new ProblemException(ProblemType.INVALID_VALUE, "The batch is not a JSON array");
			}
			JsonToken end = array ? JsonToken.END_ARRAY : null;
			for (JsonToken next = parser.nextToken(); next != end; next = parser.nextToken()) {
				if (texts.size() == MAX_TASKS) {
					throw new ProblemException(ProblemType.TOO_LARGE,
							"The batch has more than %d tasks; nothing was sent".formatted(MAX_TASKS));
				}
				texts.add(text(parser, next, texts.size()));
			}
			if (array && parser.nextToken() != null) {
				throw new ProblemException(ProblemType.MALFORMED_REQUEST,
						"Something follows the array; nothing was sent");
			}
		}
		catch (JacksonIOException ex) {
			throw ex.getCause();
		}
		catch (JacksonException ex) {
			throw notJson(ex, texts.size());
		}
		if (texts.isEmpty()) {
			throw new ProblemException(ProblemType.INVALID_VALUE, "The batch has no tasks");
		}
		return texts;
	}

	private String text(JsonParser parser, @Nullable JsonToken token, int index) {
		String text = (token == JsonToken.START_OBJECT) ? textOfObject(parser)
				: (token == JsonToken.VALUE_STRING) ? parser.getString() : null;
		if (text == null) {
			throw new ProblemException(ProblemType.INVALID_VALUE,
					"Task %d is neither a text nor an object with a 'text' and nothing else; nothing was sent"
						.formatted(index),
					field(index));
		}
		try {
			return TaskText.of(text, this.properties);
		}
		catch (ProblemException ex) {
			ProblemType type = (ex.getStatusCode() == ProblemType.TOO_LARGE.status()) ? ProblemType.TOO_LARGE
					: ProblemType.INVALID_VALUE;
			throw new ProblemException(type, "Task %d: %s; nothing was sent".formatted(index, ex.getBody().getDetail()),
					field(index));
		}
	}

	private static @Nullable String textOfObject(JsonParser parser) {
		if (!TEXT.equals(parser.nextName()) || parser.nextToken() != JsonToken.VALUE_STRING) {
			return null;
		}
		String text = parser.getString();
		return (parser.nextToken() == JsonToken.END_OBJECT) ? text : null;
	}

	private static ProblemException notJson(JacksonException ex, int index) {
		TokenStreamLocation location = ex.getLocation();
		return new ProblemException(ProblemType.MALFORMED_REQUEST,
				"Task %d cannot be read as JSON%s; nothing was sent".formatted(index,
						(location != null)
								? ": line %d, column %d".formatted(location.getLineNr(), location.getColumnNr()) : ""),
				field(index));
	}

	private static String field(int index) {
		return "[" + index + "]";
	}

}
