/**
 * What is on the broker, written down: as RabbitMQ's definitions, as Spring's Declarables, and as a test.
 */

/** A text as Java writes it. */
function javaText(text) {
	const escaped = [...text].map((character) => {
		switch (character) {
			case '"': return '\\"';
			case '\\': return '\\\\';
			case '\n': return '\\n';
			case '\r': return '\\r';
			case '\t': return '\\t';
			default: return /[\x20-\x7e]/.test(character) ? character
				: [...Array(character.length).keys()].map((unit) =>
					`\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`).join('');
		}
	});
	return `"${escaped.join('')}"`;
}

/** A value of AMQP as Java writes it. */
function javaValue(value) {
	if (typeof value === 'string') {
		return javaText(value);
	}
	if (Number.isInteger(value)) {
		return Math.abs(value) < 2 ** 31 ? String(value) : `${value}L`;
	}
	if (Array.isArray(value)) {
		return `List.of(${value.map(javaValue).join(', ')})`;
	}
	if (value !== null && typeof value === 'object') {
		return javaMap(value);
	}
	return String(value);
}

const javaMap = (values) => (Object.keys(values).length === 0 ? 'Map.of()'
	: `Map.ofEntries(${Object.entries(values).map(([name, value]) => `Map.entry(${javaText(name)}, ${javaValue(value)})`).join(', ')})`);

const EXCHANGES = { direct: 'DirectExchange', fanout: 'FanoutExchange', topic: 'TopicExchange', headers: 'HeadersExchange' };

/** What clients have made: neither the broker's own exchanges nor queues that go with their connection. */
function ownPart({ exchanges, queues, bindings }) {
	const isOwn = (name) => name !== '' && !name.startsWith('amq.');
	const names = new Set(queues.filter(({ exclusive }) => !exclusive).map(({ name }) => name));
	return {
		exchanges: exchanges.filter(({ name }) => isOwn(name)),
		queues: queues.filter(({ name }) => names.has(name)),
		bindings: bindings.filter(({ source, destination, toExchange }) => source !== ''
			&& (toExchange || names.has(destination))),
	};
}

function declarables(topology) {
	const { exchanges, queues, bindings } = ownPart(topology);
	return [
		...exchanges.map((exchange) => {
			const { name, type, durable, arguments: args = {} } = exchange;
			return EXCHANGES[type]
				? `new ${EXCHANGES[type]}(${javaText(name)}, ${durable}, ${exchange.auto_delete === true}, ${javaMap(args)})`
				: `new CustomExchange(${javaText(name)}, ${javaText(type)}, ${durable}, ${exchange.auto_delete === true}, ${javaMap(args)})`;
		}),
		...queues.map(({ name, durable, autoDelete, arguments: args }) =>
			`new Queue(${javaText(name)}, ${durable}, false, ${autoDelete}, ${javaMap(args)})`),
		...bindings.map(({ source, destination, toExchange, key, arguments: args }) =>
			`new Binding(${javaText(destination)}, DestinationType.${toExchange ? 'EXCHANGE' : 'QUEUE'}, ${javaText(source)}, `
				+ `${javaText(key)}, ${javaMap(args)})`),
	];
}

/** A configuration that declares it all. */
export function springConfiguration(topology) {
	return `import java.util.List;
import java.util.Map;

import org.springframework.amqp.core.*;
import org.springframework.amqp.core.Binding.DestinationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class Topology {

	@Bean
	Declarables topology() {
		return new Declarables(
				${declarables(topology).join(',\n\t\t\t\t')});
	}

}
`;
}

/** A routing key that a binding key matches. */
const exampleOf = (key, type) => (type === 'topic' ? key.replaceAll(/[*#]/g, 'any') : key);

/**
 * A test that declares it all on the embedded broker, and publishes a message for each binding that goes by its key.
 */
export function junitTest(topology) {
	const { exchanges, queues, bindings } = ownPart(topology);
	const types = new Map(topology.exchanges.map(({ name, type }) => [name, type]));
	const declared = [
		...exchanges.map((exchange) => `channel.exchangeDeclare(${javaText(exchange.name)}, ${javaText(exchange.type)}, `
			+ `${exchange.durable}, ${exchange.auto_delete === true}, ${javaMap(exchange.arguments ?? {})});`),
		...queues.map(({ name, durable, autoDelete, arguments: args }) =>
			`channel.queueDeclare(${javaText(name)}, ${durable}, false, ${autoDelete}, ${javaMap(args)});`),
		...bindings.map(({ source, destination, toExchange, key, arguments: args }) =>
			`channel.${toExchange ? 'exchangeBind' : 'queueBind'}(${javaText(destination)}, ${javaText(source)}, `
				+ `${javaText(key)}, ${javaMap(args)});`),
	];
	const tests = bindings
		.filter(({ source, toExchange }) => !toExchange && types.get(source) !== 'headers')
		.map(({ source, destination, key }, index) => {
			const text = javaText(`message ${index + 1}`);
			return `	@Test
	void ${`route${index + 1}`}(EmbeddedBroker broker) {
		broker.publish(${javaText(source)}, ${javaText(exampleOf(key, types.get(source)))}, ${text});

		assertThat(broker.queue(${javaText(destination)})).receives(message().withText(${text})).within(Duration.ofSeconds(2));
	}
`;
		});
	return `import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.junit.EmbeddedBrokerTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.warren.broker.assertj.BrokerAssertions.assertThat;
import static dev.warren.broker.assertj.BrokerAssertions.message;

@EmbeddedBrokerTest
class TopologyTests {

	@BeforeEach
	void declare(EmbeddedBroker broker) throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(broker.uri());
		try (Connection connection = factory.newConnection(); Channel channel = connection.createChannel()) {
			${declared.join('\n\t\t\t')}
		}
	}

${tests.join('\n')}
}
`;
}

/** RabbitMQ's definitions of it, for a virtual host. */
export function definitionsFile(topology) {
	const { exchanges, queues, bindings } = ownPart(topology);
	return JSON.stringify({
		exchanges: exchanges.map((exchange) => ({ name: exchange.name, type: exchange.type, durable: exchange.durable,
			auto_delete: exchange.auto_delete === true, internal: exchange.internal === true,
			arguments: exchange.arguments ?? {} })),
		queues: queues.map(({ name, durable, autoDelete, arguments: args }) => ({ name, durable, auto_delete: autoDelete,
			arguments: args })),
		bindings: bindings.map(({ source, destination, toExchange, key, arguments: args }) => ({ source, destination,
			destination_type: toExchange ? 'exchange' : 'queue', routing_key: key, arguments: args })),
	}, null, 2);
}
