/**
 * What is on the broker, written down: as RabbitMQ's definitions, as Spring's Declarables, and as a test.
 */

import { bindingLabel } from '../parts/topology.js';

/** A text as Java writes it. */
export function javaText(text) {
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
export function ownPart({ exchanges, queues, bindings }) {
	const isOwn = (name) => name !== '' && !name.startsWith('amq.');
	const names = new Set(queues.filter(({ exclusive }) => !exclusive).map(({ name }) => name));
	return {
		exchanges: exchanges.filter(({ name }) => isOwn(name)),
		queues: queues.filter(({ name }) => names.has(name)),
		bindings: bindings.filter(({ source, destination, toExchange }) => source !== ''
			&& (toExchange || names.has(destination))),
	};
}

/**
 * The body of a method of Spring's that declares it all.
 */
export function declarables(topology) {
	const { exchanges, queues, bindings } = ownPart(topology);
	const lines = [
		...exchanges.map((exchange) => {
			const { name, type, durable, arguments: args = {} } = exchange;
			return EXCHANGES[type]
				? `new ${EXCHANGES[type]}(${javaText(name)}, ${durable}, ${exchange.auto_delete === true}, ${javaMap(args)})`
				: `new CustomExchange(${javaText(name)}, ${javaText(type)}, ${durable}, ${exchange.auto_delete === true}, ${javaMap(args)})`;
		}),
		...queues.map(({ name, durable, arguments: args }) =>
			`new Queue(${javaText(name)}, ${durable}, false, false, ${javaMap(args)})`),
		...bindings.map(({ source, destination, toExchange, key, arguments: args }) =>
			`new Binding(${javaText(destination)}, DestinationType.${toExchange ? 'EXCHANGE' : 'QUEUE'}, ${javaText(source)}, `
				+ `${javaText(key)}, ${javaMap(args)})`),
	];
	return lines;
}

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

/**
 * A test that declares it all on the embedded broker and publishes one message for each binding of an exchange to a
 * queue whose key has no wildcards.
 */
export function junitTest(topology) {
	const own = ownPart(topology);
	const types = new Map(topology.exchanges.map(({ name, type }) => [name, type]));
	const checks = own.bindings
		.filter(({ source, toExchange, key }) => !toExchange && types.get(source) !== 'headers'
			&& !(types.get(source) === 'topic' && /(^|\.)[*#](\.|$)/.test(key)))
		.map((binding, index) => ({ ...binding, text: `message ${index + 1}` }));
	return `import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.junit.EmbeddedBrokerTest;
import org.junit.jupiter.api.Test;

import org.springframework.amqp.core.*;
import org.springframework.amqp.core.Binding.DestinationType;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;

import static dev.warren.broker.assertj.BrokerAssertions.assertThat;

@EmbeddedBrokerTest
class TopologyTests {

${checks.map(({ source, destination, key, text }, index) => `	@Test
	void route${index + 1}(EmbeddedBroker broker) {
		declare(broker);

		broker.publish(${javaText(source)}, ${javaText(key)}, ${javaText(text)});

		assertThat(broker.queue(${javaText(destination)})).receives(message().withBody(${javaText(text)})).within(Duration.ofSeconds(2));
	}
`).join('\n')}
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
		queues: queues.map(({ name, durable, arguments: args }) => ({ name, durable, auto_delete: false, arguments: args })),
		bindings: bindings.map(({ source, destination, toExchange, key, arguments: args }) => ({ source, destination,
			destination_type: toExchange ? 'exchange' : 'queue', routing_key: key, arguments: args })),
	}, null, 2);
}

export { bindingLabel };
