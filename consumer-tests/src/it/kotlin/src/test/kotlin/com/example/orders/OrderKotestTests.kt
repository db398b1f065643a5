package com.example.orders

import com.rabbitmq.client.ConnectionFactory
import dev.warren.broker.EmbeddedBroker
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe

class OrderKotestTests : StringSpec({

	val broker = autoClose(EmbeddedBroker.builder().start())

	beforeTest { broker.reset() }

	"an order arrives" {
		val factory = ConnectionFactory().apply { setUri(broker.uri()) }
		factory.newConnection().use { connection ->
			val channel = connection.createChannel()
			channel.queueDeclare("orders", true, false, false, null)

			channel.basicPublish("", "orders", null, "1 carrot".toByteArray())

			String(channel.basicGet("orders", true).body) shouldBe "1 carrot"
		}
	}

})
