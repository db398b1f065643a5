package dev.warren.interop;

import java.net.URI;
import java.util.List;
import java.util.Map;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.http.client.Client;
import com.rabbitmq.http.client.ClientParameters;
import com.rabbitmq.http.client.domain.BindingInfo;
import com.rabbitmq.http.client.domain.ExchangeInfo;
import com.rabbitmq.http.client.domain.OutboundMessage;
import com.rabbitmq.http.client.domain.QueueInfo;
import com.rabbitmq.http.client.domain.UserPermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.amqp.rabbit.junit.BrokerRunningSupport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Libraries for Java that use the management API.
 */
@ExtendWith(ManagedBroker.Resolver.class)
class JavaToolsIT {

	private static final String VHOST = "java tools";

	@Test
	void rabbitMqsHttpClientManagesAVirtualHost(ManagedBroker broker) throws Exception {
		Client client = new Client(
				new ClientParameters().url(broker.management() + "/api/").username("guest").password("guest"));
		client.createVhost(VHOST);
		client.updatePermissions(VHOST, "guest", new UserPermissions(".*", ".*", ".*"));

		client.declareQueue(VHOST, "orders", new QueueInfo(true, false, false, Map.of("x-max-length", 10)));
		client.declareExchange(VHOST, "news", new ExchangeInfo("topic", true, false));
		client.bindQueue(VHOST, "orders", "news", "a.#");
		assertThat(client.publish(VHOST, "news", "a.b", new OutboundMessage().payload("it came").utf8Encoded()))
			.isTrue();

		assertThat(client.getQueue(VHOST, "orders").getArguments()).containsEntry("x-max-length", 10);
		assertThat(client.getQueues(VHOST)).extracting(QueueInfo::getName).containsExactly("orders");
		assertThat(client.getQueueBindings(VHOST, "orders")).extracting(BindingInfo::getRoutingKey)
			.containsExactlyInAnyOrder("orders", "a.#");
		assertThat(client.get(VHOST, "orders", 1, com.rabbitmq.http.client.GetAckMode.ACK_REQUEUE_FALSE,
				com.rabbitmq.http.client.GetEncoding.AUTO, -1))
			.singleElement()
			.satisfies((message) -> assertThat(message.getPayload()).isEqualTo("it came"));
		assertThat(client.getQueue(VHOST, "nothing")).isNull();
		assertThat(client.whoAmI().getName()).isEqualTo("guest");
		client.deleteVhost(VHOST);
		assertThat(client.getVhost(VHOST)).isNull();
	}

	@Test
	void springFindsTheBrokerAndItsManagement(ManagedBroker broker) {
		URI amqp = broker.amqp();
		BrokerRunningSupport.setEnvironmentVariableOverrides(
				Map.of("RABBITMQ_TEST_PORT", String.valueOf(amqp.getPort()), "RABBITMQ_TEST_HOSTNAMES", amqp.getHost(),
						"RABBITMQ_TEST_ADMIN_URI", broker.management() + "/api/"));
		try {
			BrokerRunningSupport running = BrokerRunningSupport
				.isBrokerAndManagementRunningWithEmptyQueues("spring.tools");
			running.test();
			running.removeTestQueues();
		}
		finally {
			BrokerRunningSupport.clearEnvironmentVariableOverrides();
		}
	}

}
