package com.example.orders;

import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(properties = { "spring.config.name=without-broker", "spring.rabbitmq.addresses[0]=rabbitmq.invalid",
		"spring.rabbitmq.listener.simple.auto-startup=false" })
class AnotherBrokerConfiguredTests {

	@Test
	void noEmbeddedBrokerIsStarted(@Autowired ObjectProvider<EmbeddedBroker> broker) {
		assertThat(broker.getIfAvailable()).isNull();
	}

}
