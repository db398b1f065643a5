package dev.warren.broker.management.events;

import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.warren.broker.definitions.AmqpJson;
import dev.warren.broker.rabbitmq.event.Detail;
import dev.warren.broker.rabbitmq.event.Event;
import dev.warren.broker.rabbitmq.event.Happening;
import dev.warren.broker.rabbitmq.store.MessageSnapshot;
import dev.warren.broker.rabbitmq.wire.MessageProperties;
import dev.warren.broker.rabbitmq.wire.TextProperty;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Events as JSON. What does not apply to an event is left out; what clients wrote is cut
 * where it is long.
 */
final class EventJson {

	/** Enough for the beginning of a body that is shown, whatever its characters. */
	static final int OCTETS_OF_BODY = 1024;

	private static final int LONGEST_BODY = 256;

	private static final int LONGEST_TEXT = 256;

	private static final int LONGEST_REASON = 1000;

	/**
	 * How many values the headers of a message have, those in lists and tables included.
	 */
	private static final int MOST_VALUES = 100;

	private static final int PERSISTENT = 2;

	private static final JsonMapper mapper = new JsonMapper();

	private final JsonGenerator json;

	private int values;

	private EventJson(JsonGenerator json) {
		this.json = json;
	}

	/**
	 * An array of events.
	 */
	static String of(List<Event> events) {
		StringWriter text = new StringWriter();
		try (JsonGenerator generator = mapper.createGenerator(text)) {
			EventJson json = new EventJson(generator);
			generator.writeStartArray();
			events.forEach(json::write);
			generator.writeEndArray();
		}
		return text.toString();
	}

	private void write(Event event) {
		this.json.writeStartObject();
		this.json.writeNumberProperty("seq", event.number());
		this.json.writeNumberProperty("time", event.time());
		this.json.writeStringProperty("what", event.happening().name().toLowerCase(Locale.ROOT).replace('_', '-'));
		if (event.message() > 0) {
			this.json.writeNumberProperty("message", event.message());
		}
		text("connection", event.origin().connection());
		if (event.origin().channel() > 0) {
			this.json.writeNumberProperty("channel", event.origin().channel());
		}
		text("queue", event.queue());
		MessageSnapshot content = event.content();
		if (content != null) {
			this.json.writeStringProperty("exchange", content.exchange());
			this.json.writeStringProperty("routingKey", content.routingKey());
		}
		write(event.detail());
		if (content != null) {
			write(event.happening(), content);
		}
		this.json.writeEndObject();
	}

	private void write(Detail detail) {
		if (detail instanceof Detail.Way way) {
			this.json.writeObjectPropertyStart("binding");
			this.json.writeStringProperty("source", way.source());
			this.json.writeStringProperty("routingKey", way.routingKey());
			this.json.writeName("arguments");
			bounded(AmqpJson.toJson(way.arguments()));
			this.json.writeEndObject();
		}
		else if (detail instanceof Detail.Delivery delivery) {
			text("consumer", delivery.consumer());
			this.json.writeNumberProperty("deliveryTag", delivery.tag());
			this.json.writeBooleanProperty("redelivered", delivery.redelivered());
			this.json.writeBooleanProperty("noAck", delivery.noAck());
		}
		else if (detail instanceof Detail.Taking taking) {
			this.json.writeBooleanProperty("redelivered", taking.redelivered());
			this.json.writeBooleanProperty("noAck", taking.noAck());
		}
		else if (detail instanceof Detail.Settlement settlement) {
			if (settlement.tag() > 0) {
				this.json.writeNumberProperty("deliveryTag", settlement.tag());
			}
			reason(settlement.why());
		}
		else if (detail instanceof Detail.Subscription subscription) {
			text("consumer", subscription.consumer());
			this.json.writeBooleanProperty("noAck", subscription.noAck());
		}
		else if (detail instanceof Detail.Removal removal) {
			this.json.writeNumberProperty("count", removal.messages());
		}
		else if (detail instanceof Detail.Reason reason) {
			reason(reason.text());
		}
	}

	private void write(Happening happening, MessageSnapshot content) {
		if (happening != Happening.PUBLISHED && happening != Happening.DEAD_LETTERED) {
			return;
		}
		MessageProperties properties = content.properties();
		Integer mode = properties.deliveryMode();
		this.json.writeBooleanProperty("persistent", mode != null && mode == PERSISTENT);
		this.json.writeNumberProperty("size", content.bodySize());
		if (happening == Happening.PUBLISHED) {
			String body = text(content.body());
			if (body != null) {
				this.json.writeStringProperty("body", body);
			}
		}
		this.json.writeObjectPropertyStart("properties");
		write(properties);
		this.json.writeEndObject();
	}

	private void write(MessageProperties properties) {
		for (TextProperty one : TextProperty.values()) {
			text(name(one), properties.text(one));
		}
		Integer priority = properties.priority();
		if (priority != null) {
			this.json.writeNumberProperty("priority", priority);
		}
		Long timestamp = properties.timestamp();
		if (timestamp != null) {
			this.json.writeNumberProperty("timestamp", timestamp);
		}
		Integer mode = properties.deliveryMode();
		if (mode != null) {
			this.json.writeNumberProperty("deliveryMode", mode);
		}
		if (properties.hasHeaders()) {
			this.json.writeName("headers");
			bounded(AmqpJson.toJson(properties.headers()));
		}
	}

	private static String name(TextProperty property) {
		String[] words = property.name().toLowerCase(Locale.ROOT).split("_");
		return (words.length == 1) ? words[0]
				: words[0] + Character.toUpperCase(words[1].charAt(0)) + words[1].substring(1);
	}

	private void bounded(Map<String, @Nullable Object> table) {
		this.values = 0;
		value(table);
	}

	private void value(@Nullable Object value) {
		this.values++;
		if (value instanceof Map<?, ?> map) {
			this.json.writeStartObject();
			for (Map.Entry<?, ?> entry : map.entrySet()) {
				if (this.values < MOST_VALUES) {
					this.json.writeName(String.valueOf(entry.getKey()));
					value(entry.getValue());
				}
			}
			this.json.writeEndObject();
		}
		else if (value instanceof List<?> list) {
			this.json.writeStartArray();
			for (Object one : list) {
				if (this.values < MOST_VALUES) {
					value(one);
				}
			}
			this.json.writeEndArray();
		}
		else if (value instanceof String text) {
			this.json.writeString(cut(text, LONGEST_TEXT));
		}
		else {
			this.json.writePOJO(value);
		}
	}

	private void text(String name, @Nullable String text) {
		if (text != null && !text.isEmpty()) {
			this.json.writeStringProperty(name, cut(text, LONGEST_TEXT));
		}
	}

	private void reason(String text) {
		if (!text.isEmpty()) {
			this.json.writeStringProperty("reason", cut(text, LONGEST_REASON));
		}
	}

	private static String cut(String text, int most) {
		if (text.length() <= most) {
			return text;
		}
		int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
		return text.substring(0, end) + '\u2026';
	}

	/**
	 * The beginning of a body, or null if it is not text.
	 */
	private static @Nullable String text(byte[] body) {
		CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
		CharBuffer text = CharBuffer.allocate(LONGEST_BODY);
		// The last character may be cut: more is said to follow.
		CoderResult result = decoder.decode(ByteBuffer.wrap(body), text, body.length < OCTETS_OF_BODY);
		if (result.isError()) {
			return null;
		}
		text.flip();
		return text.chars().anyMatch(EventJson::isStrange) ? null : text.toString();
	}

	private static boolean isStrange(int character) {
		return Character.isISOControl(character) && !Character.isWhitespace(character);
	}

}
