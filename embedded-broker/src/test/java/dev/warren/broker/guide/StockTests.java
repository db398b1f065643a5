package dev.warren.broker.guide;

import java.util.UUID;

import dev.warren.broker.BrokerMessage;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.junit.AtLeastOnceTest;
import dev.warren.broker.junit.EmbeddedBrokerTest;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static dev.warren.broker.assertj.BrokerAssertions.assertThat;
import static dev.warren.broker.assertj.BrokerAssertions.message;
import static org.assertj.core.api.Assertions.assertThat;

@EmbeddedBrokerTest
@SpringBootTest
class StockTests {

	@AtLeastOnceTest
	void whatIsSoldLeavesTheStockOnce(EmbeddedBroker broker, @Autowired Stock stock) {
		int before = stock.left();

		broker.publish("", "sold", BrokerMessage.of("a carrot").withMessageId(UUID.randomUUID().toString()));

		assertThat(broker.queue("sold")).receives(message()).and().isIdle();
		assertThat(stock.left()).isEqualTo(before - 1);
	}

}
