package com.example.orders

import com.rabbitmq.client.ConnectionFactory
import dev.warren.broker.EmbeddedBroker
import dev.warren.broker.junit.EmbeddedBrokerTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

@EmbeddedBrokerTest
class OrderTests {

	@Test
	fun `an order arrives`(broker: EmbeddedBroker) {
		val factory = ConnectionFactory().apply { setUri(broker.uri()) }
		factory.newConnection().use { connection ->
			val channel = connection.createChannel()
			channel.queueDeclare("orders", true, false, false, null)

			channel.basicPublish("", "orders", null, "1 carrot".toByteArray())

			assertEquals("1 carrot", String(channel.basicGet("orders", true).body))
		}
	}

}
