package dev.warren.logs;

import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.warren.messaging.log.MessageLog;
import dev.warren.test.BrokerUnderTest;
import org.junit.jupiter.api.Test;

import org.springframework.amqp.core.Message;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class LogReceiverTests {

	@Test
	void theLessonWorksInAnApplicationThatHasNothingElse() {
		BlockingQueue<Message> lines = new LinkedBlockingQueue<>();
		try (BrokerUnderTest broker = BrokerUnderTest.start()) {
			new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(RabbitAutoConfiguration.class))
				.withUserConfiguration(LogsTopology.class, LogEmitter.class)
				.withBean(MessageLog.class)
				.withBean(LogReceiver.class, () -> new LogReceiver("receiver", lines::add, new MessageLog()))
				.withPropertyValues("spring.rabbitmq.addresses=" + broker.address(),
						"spring.rabbitmq.publisher-confirm-type=correlated", "spring.rabbitmq.publisher-returns=true",
						"spring.rabbitmq.template.mandatory=true")
				.run((context) -> {
					LogEmitter emitter = context.getBean(LogEmitter.class);

					assertThat(
							emitter.emit(LogsTopology.TOPIC, "kern.critical", Map.of(), "1", "A critical kernel error")
								.join()
								.routed())
						.isTrue();
					assertThat(emitter.emit(LogsTopology.FANOUT, "", Map.of(), "2", "Nobody listens").join().routed())
						.isFalse();

					Message line = lines.poll(10, TimeUnit.SECONDS);
					assertThat(line).isNotNull();
					assertThat(line.getMessageProperties().getMessageId()).isEqualTo("1");
					assertThat(line.getMessageProperties().getReceivedRoutingKey()).isEqualTo("kern.critical");
					assertThat(lines).isEmpty();
				});
		}
	}

}
