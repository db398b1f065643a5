package dev.warren.broker.app;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;

/**
 * Ends JSON with a newline, so that a shell's prompt begins on a line of its own.
 */
final class JsonLineConverter extends JacksonJsonHttpMessageConverter {

	JsonLineConverter(JsonMapper jsonMapper) {
		super(jsonMapper);
	}

	@Override
	protected void writeSuffix(JsonGenerator generator, Object object) {
		generator.writeRaw('\n');
	}

}
