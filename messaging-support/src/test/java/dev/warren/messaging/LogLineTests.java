package dev.warren.messaging;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE,
		properties = { "spring.config.location=classpath:warren-service.yml", "spring.application.name=lines" })
@ExtendWith(OutputCaptureExtension.class)
class LogLineTests {

	private static final Logger logger = LoggerFactory.getLogger("Line");

	@Test
	void aLineHasATraceOrNothingInItsPlace(CapturedOutput output) {
		logger.info("without");
		MDC.put("traceId", "0af7651916cd43dd8448eb211c80319c");
		MDC.put("spanId", "b7ad6b7169203331");
		logger.info("with");
		MDC.clear();

		assertThat(output.getOut()).containsPattern("\\[lines] \\[ *main] Line +: without")
			.containsPattern("\\[lines] \\[ *main] \\[0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331] Line +: with");
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	static class Application {

	}

}
