package dev.warren.messaging.web;

import java.util.List;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.MediaType;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;

/**
 * Labels JSON as {@code application/json}, and not as whatever ending in {@code +json} is
 * accepted: a list is no {@code application/problem+json}. What has a type of its own, a
 * problem or an answer of the actuator, keeps it. The JSON ends with a newline, so that a
 * shell's prompt begins on a line of its own.
 */
final class PlainJsonConverter extends JacksonJsonHttpMessageConverter {

	PlainJsonConverter(JsonMapper jsonMapper) {
		super(jsonMapper);
	}

	@Override
	public List<MediaType> getSupportedMediaTypes(Class<?> type) {
		return super.getSupportedMediaTypes(type).stream().filter(MediaType::isConcrete).toList();
	}

	@Override
	protected void writeSuffix(JsonGenerator generator, Object object) {
		generator.writeRaw('\n');
	}

}
