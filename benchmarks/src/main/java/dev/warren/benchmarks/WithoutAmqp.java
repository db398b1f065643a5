package dev.warren.benchmarks;

import java.math.BigInteger;
import java.util.List;
import java.util.UUID;

import dev.warren.messaging.MessagingSupportConfiguration;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * The RPC service's endpoint, with all a service has, but for the RPC: the number is
 * computed where it is asked for.
 */
@SpringBootApplication
@Import(MessagingSupportConfiguration.class)
class WithoutAmqp {

	static ConfigurableApplicationContext start(String brokerAddress) {
		return new SpringApplicationBuilder(WithoutAmqp.class)
			.properties("spring.config.import=classpath:warren-service.yml", "spring.application.name=without-amqp",
					"warren.api.description=none", "spring.config.name=without-amqp")
			.run("--server.port=0", "--spring.rabbitmq.addresses=" + brokerAddress);
	}

	/**
	 * Answers as the RPC service does.
	 */
	@RestController
	static class FibonacciController {

		@GetMapping("/fibonacci/{n}")
		Answer fibonacci(@PathVariable int n) {
			long begin = System.nanoTime();
			BigInteger current = BigInteger.ZERO;
			BigInteger next = BigInteger.ONE;
			for (int i = 0; i < n; i++) {
				BigInteger sum = current.add(next);
				current = next;
				next = sum;
			}
			return new Answer(n, current.toString(), UUID.randomUUID().toString(), "none",
					Math.round((System.nanoTime() - begin) / 1e4) / 100.0);
		}

		@PostMapping("/fibonacci/batch")
		List<Answer> batch(@RequestBody List<Integer> numbers) {
			return numbers.stream().map(this::fibonacci).toList();
		}

	}

	record Answer(int n, String value, String correlationId, String server, double elapsedMs) {

	}

}
