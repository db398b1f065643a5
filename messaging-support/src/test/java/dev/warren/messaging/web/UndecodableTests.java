package dev.warren.messaging.web;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.warren.messaging.MessagingSupportConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.config.location=classpath:warren-service.yml", "spring.application.name=undecodable",
				"warren.api.description=Undecodable", "server.port=0" })
@ExtendWith(OutputCaptureExtension.class)
class UndecodableTests {

	private static final String JSON = "Content-Type: application/json";

	private static final String FORM = "Content-Type: application/x-www-form-urlencoded";

	@LocalServerPort
	private int port;

	@ParameterizedTest(name = "{0} {1} {2}")
	@MethodSource
	void whatCannotBeDecodedIsTheCallersFault(String request, String header, String body, int status,
			CapturedOutput output) throws Exception {
		String response = RawHttp.exchange(this.port,
				request + " HTTP/1.1\r\nHost: localhost\r\n" + header + (header.isEmpty() ? "" : "\r\n")
						+ (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n")
						+ "Connection: close\r\n\r\n" + body);

		assertThat(response).startsWith("HTTP/1.1 " + status);
		if (status >= 400 && !request.startsWith("HEAD")) {
			assertThat(response).contains("application/problem+json", "\"status\":" + status, "}\n")
				.doesNotContain("<html", "Exception", "Tomcat");
		}
		assertThat(output).doesNotContain("\tat ").doesNotContain("ERROR");
	}

	static Stream<Arguments> whatCannotBeDecodedIsTheCallersFault() {
		return Stream.of(arguments("GET /things?limit=%FF", "", "", 400),
				arguments("GET /things?limit=%C3%28", "", "", 400), arguments("GET /things?limit=%zz", "", "", 400),
				arguments("GET /things?limit=%", "", "", 400), arguments("GET /things?limit=%0", "", "", 400),
				arguments("GET /things?%FF=1", "", "", 400), arguments("GET /things?limit=%00", "", "", 400),
				arguments("GET /things?=&&=&", "", "", 400), arguments("GET /things?limit=1&limit=2", "", "", 200),
				arguments("GET /things?" + "a=1&".repeat(2000), "", "", 400),
				arguments("HEAD /things?limit=%FF", "", "", 400), arguments("OPTIONS /things?limit=%FF", "", "", 400),
				arguments("GET /nothing-here?limit=%FF", "", "", 400),
				arguments("GET /actuator/health?x=%FF", "", "", 400), arguments("GET /v3/api-docs?x=%FF", "", "", 400),
				arguments("GET /swagger-ui/index.html?x=%FF", "", "", 400),
				arguments("DELETE /things/a?limit=%FF", "", "", 400),
				arguments("POST /things/form?limit=%FF", "", "", 400),
				arguments("POST /things/form", FORM, "limit=%FF", 400),
				arguments("POST /things/form", FORM, "limit=%zz&%", 400),
				arguments("PUT /things/form", FORM, "limit=%FF", 400),
				arguments("PUT /things/form", FORM, "limit=%zz&%", 400),
				arguments("PATCH /things/form", FORM, "limit=%zz&%", 405),
				arguments("DELETE /things/form", FORM, "limit=%zz&%", 400),
				arguments("PUT /things/form", FORM + ";charset=no-such", "limit=1", 400),
				arguments("POST /things/form", FORM + ";charset=no-such", "limit=1", 400),
				arguments("POST /things/form", "Content-Type: multipart/form-data", "x", 400),
				arguments("POST /things/form", "Content-Type: multipart/form-data; boundary=x", "x", 400),
				arguments("GET /things/%FF", "", "", 400), arguments("GET /things/%C3%28", "", "", 400),
				arguments("GET /things/%zz", "", "", 400), arguments("GET /things/%", "", "", 400),
				arguments("GET /things/%00", "", "", 400), arguments("GET /things/%2F", "", "", 400),
				arguments("GET /things/%5C", "", "", 400), arguments("GET /things/..%2f", "", "", 400),
				arguments("GET /things/a;b=%FF", "", "", 200), arguments("GET /%FF", "", "", 400),
				arguments("GET /things/%E2%98%83", "", "", 200), arguments("GET //things", "", "", 404),
				arguments("POST /things", JSON + ";charset=no-such-charset", "{}", 415),
				arguments("POST /things", JSON + ";charset=\u00ff", "{}", 415),
				arguments("POST /things", JSON + ";charset=utf-16", "{}", 200),
				arguments("POST /things", "Content-Type: \u00ff/\u00ff", "{}", 415),
				arguments("POST /things", "Content-Type: application/*", "{}", 415),
				arguments("POST /things", "Content-Type: ;", "{}", 415),
				arguments("POST /things", "Content-Type: ", "{}", 415),
				arguments("POST /things", JSON, "{\"text\":\"\u00ff\"}", 400),
				arguments("POST /things", JSON + "\r\nContent-Encoding: gzip", "\u001f\u008b", 400),
				arguments("GET /things", "Accept: nonsense", "", 406),
				arguments("GET /things", "Accept: \u00ff", "", 406),
				arguments("GET /things", "Accept: application/json;q=2", "", 406),
				arguments("GET /things", "Accept: */*;q=x", "", 406),
				arguments("GET /things", "Accept: " + "a/b,".repeat(1000), "", 406),
				arguments("GET /things", "Accept: application/json;charset=no-such", "", 406),
				arguments("GET /things", "Accept: ", "", 200),
				arguments("GET /things", "Accept-Charset: no-such", "", 200),
				arguments("GET /things", "Accept-Language: \u00ff, en;q=x", "", 200),
				arguments("GET /things", "Accept-Encoding: \u00ff", "", 200),
				arguments("GET /things", "Range: bytes=999999999999999999999-", "", 200),
				arguments("GET /things", "If-Modified-Since: yesterday", "", 200),
				arguments("GET /things", "If-None-Match: \u00ff", "", 200),
				arguments("GET /things", "Cookie: \u00ff=\u00ff; $Version=x; JSESSIONID=../..", "", 200),
				arguments("GET /things", "X-Number: \u00ff", "", 400),
				arguments("GET /things", "X-Number: many", "", 400),
				arguments("GET /things", "traceparent: \u00ff-\u00ff", "", 200),
				arguments("GET /things", "Expect: miracles", "", 417),
				arguments("GET /things", "X-Large: " + "x".repeat(20_000), "", 400),
				arguments("GET /things", "X-Many: 1\r\n".repeat(200) + "X: 1", "", 400),
				arguments("GET /things", "Transfer-Encoding: miracles", "", 501),
				arguments("GET /things", "X-Forwarded-For: \u00ff", "", 200),
				arguments("POST /things", "Content-Type: text/plain\r\nX-HTTP-Method-Override: DELETE", "x", 415),
				arguments("GET /swagger-ui/index.html", "Range: bytes=999999999-", "", 416),
				arguments("GET /swagger-ui/index.html", "Range: bytes=x", "", 416),
				arguments("GET /swagger-ui/..%2f..%2fwarren-service.yml", "", "", 400),
				arguments("GET /swagger-ui/%FF", "", "", 400), arguments("GET /actuator/health/%FF", "", "", 400),
				arguments("GET /actuator/health/a%00b", "", "", 400),
				arguments("GET /actuator/prometheus?includedNames=%FF", "", "", 400),
				arguments("GET /actuator/prometheus", "Accept: nonsense", "", 406),
				arguments("GET /actuator/health", "Accept: image/png", "", 406),
				arguments("POST /actuator/health", JSON, "{", 405), arguments("TRACE /things", "", "", 405),
				arguments("TRACE /nothing-here", "", "", 405), arguments("CONNECT /things", "", "", 501),
				arguments("FOO /things", "", "", 405), arguments("FOO /nothing-here", "", "", 404),
				arguments("PROPFIND /actuator/health", "", "", 405), arguments("get /things", "", "", 405),
				arguments("M%41 /things", "", "", 405), arguments("GET *", "", "", 400));
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import({ MessagingSupportConfiguration.class, ThingController.class })
	static class Application {

	}

	@RestController
	static class ThingController {

		@GetMapping("/things")
		List<String> list(@RequestParam(defaultValue = "10") int limit,
				@RequestHeader(name = "X-Number", required = false) @Nullable Integer number) {
			return List.of("one");
		}

		@GetMapping("/things/{id}")
		Map<String, Object> one(@PathVariable String id) {
			return Map.of("id", id);
		}

		@PostMapping(path = "/things", consumes = MediaType.APPLICATION_JSON_VALUE)
		Map<String, Object> add(@RequestBody Map<String, Object> thing) {
			return thing;
		}

		@PostMapping("/things/form")
		int start(@RequestParam int limit) {
			return limit;
		}

		@PutMapping("/things/form")
		int change(@RequestParam int limit) {
			return limit;
		}

		@DeleteMapping("/things/{id}")
		int delete(@PathVariable String id, @RequestParam int limit) {
			return limit;
		}

	}

}
