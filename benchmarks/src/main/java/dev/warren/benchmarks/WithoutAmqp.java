package dev.warren.benchmarks;

import java.util.List;

import dev.warren.messaging.MessagingSupportConfiguration;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.util.AlternativeJdkIdGenerator;
import org.springframework.util.IdGenerator;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * The RPC service's endpoint, with all a service has, but for the RPC: it answers
 * fib(30), whatever it is asked for.
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

		private final IdGenerator ids = new AlternativeJdkIdGenerator();

		@GetMapping("/fibonacci/{n}")
		Answer fibonacci(@PathVariable int n) {
			long begin = System.nanoTime();
			return new Answer(n, RpcBenchmark.VALUE, this.ids.generateId().toString(), "none",
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
