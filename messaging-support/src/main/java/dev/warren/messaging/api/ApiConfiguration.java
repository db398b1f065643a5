package dev.warren.messaging.api;

import java.util.List;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.servers.Server;
import org.springdoc.core.utils.SpringDocUtils;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.context.request.async.WebAsyncTask;

/**
 * What springdoc does not find out from the controllers by itself.
 */
@Configuration(proxyBeanMethods = false)
@Import({ AnswersCustomizer.class, HomePage.class, NewlineAdvice.class, NullnessConverter.class })
public class ApiConfiguration {

	static {
		SpringDocUtils.getConfig()
			.addResponseWrapperToIgnore(WebAsyncTask.class)
			// The type of a body, which the document has in another place.
			.addRequestWrapperToIgnore(MediaType.class)
			.replaceWithSchema(ProblemDetail.class, new Schema<>().$ref(AnswersCustomizer.PROBLEM));
	}

	@Bean
	OpenAPI openApi(@Value("${spring.application.name}") String name,
			@Value("${warren.api.description}") String description) {
		return new OpenAPI()
			.info(new Info().title(name)
				.description(description)
				.version("1")
				.license(new License().name("Apache License, Version 2.0").identifier("Apache-2.0")))
			.addServersItem(new Server().url("/"))
			// Nobody has to log in.
			.security(List.of());
	}

}
