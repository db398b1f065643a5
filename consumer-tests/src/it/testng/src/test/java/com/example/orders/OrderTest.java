package com.example.orders;

import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.broker.EmbeddedBroker;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

import static org.testng.Assert.assertEquals;

public class OrderTest {

	private EmbeddedBroker broker;

	@BeforeClass
	public void start() {
		this.broker = EmbeddedBroker.builder().start();
	}

	@BeforeMethod
	public void reset() {
		this.broker.reset();
	}

	@AfterClass
	public void close() {
		this.broker.close();
	}

	@Test
	public void anOrderArrives() throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(this.broker.uri());
		try (Connection connection = factory.newConnection(); Channel channel = connection.createChannel()) {
			channel.queueDeclare("orders", true, false, false, null);

			channel.basicPublish("", "orders", null, new ObjectMapper().writeValueAsBytes(Map.of("carrots", 1)));

			assertEquals(new String(channel.basicGet("orders", true).getBody()), "{\"carrots\":1}");
		}
	}

}
