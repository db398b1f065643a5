package dev.warren.broker.rabbitmq.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import org.apache.qpid.server.exchange.AbstractExchange;
import org.apache.qpid.server.message.InstanceProperties;
import org.apache.qpid.server.message.RoutingResult;
import org.apache.qpid.server.message.ServerMessage;
import org.apache.qpid.server.model.ConfiguredObject;
import org.apache.qpid.server.model.ManagedObject;
import org.apache.qpid.server.security.SubjectExecutionContext;
import org.apache.qpid.server.store.StorableMessageMetaData;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;
import org.jspecify.annotations.Nullable;

/**
 * The durable form of an exchange: Qpid keeps its definition in the configuration.
 * Nothing is routed here.
 */
@ManagedObject(category = false, type = QpidExchange.TYPE)
public class QpidExchange extends AbstractExchange<QpidExchange> {

	static final String TYPE = "rabbitmq";

	/** Qpid reserves some names, and looks queues and exchanges up in one name space. */
	private static final String NAME_PREFIX = "exchange:";

	private static final String DEFINITION = "rabbitmq.exchange";

	private static final String OLD_BINDINGS = "rabbitmq.bindings";

	QpidExchange(Map<String, Object> attributes, QueueManagingVirtualHost<?> virtualHost) {
		super(attributes, virtualHost);
	}

	static Map<String, Object> attributes(ExchangeDefinition definition) {
		Map<String, @Nullable Object> table = Map.of("name", definition.name(), "type", definition.type().wireName(),
				"autoDelete", definition.autoDelete(), "internal", definition.internal(), "arguments",
				definition.arguments());
		return Map.of(ConfiguredObject.NAME, NAME_PREFIX + QpidQueue.uninterpreted(definition.name()),
				ConfiguredObject.TYPE, TYPE, ConfiguredObject.DURABLE, true, ConfiguredObject.CONTEXT,
				Map.of(DEFINITION, ArgumentTable.toText(table)));
	}

	ExchangeDefinition definition() {
		return definition(getName(), getContext().get(DEFINITION));
	}

	/**
	 * The definition of an exchange with those attributes.
	 * @throws RuntimeException if it cannot be read
	 */
	static ExchangeDefinition definition(Map<String, Object> attributes) {
		Map<?, ?> context = (Map<?, ?>) Objects.requireNonNull(attributes.get(ConfiguredObject.CONTEXT));
		return definition((String) attributes.get(ConfiguredObject.NAME), (String) context.get(DEFINITION));
	}

	@SuppressWarnings("unchecked")
	private static ExchangeDefinition definition(@Nullable String qpidName, @Nullable String text) {
		Map<String, @Nullable Object> table = ArgumentTable.fromText(Objects.requireNonNull(text));
		ExchangeType type = Objects.requireNonNull(ExchangeType.of(String.valueOf(table.get("type"))));
		String name = (table.get("name") instanceof String stored) ? stored
				: Objects.requireNonNull(qpidName).substring(NAME_PREFIX.length());
		return new ExchangeDefinition(name, type, true, Boolean.TRUE.equals(table.get("autoDelete")),
				Boolean.TRUE.equals(table.get("internal")),
				(Map<String, @Nullable Object>) Objects.requireNonNull(table.get("arguments")));
	}

	/**
	 * The bindings as an older broker wrote them.
	 */
	@SuppressWarnings("unchecked")
	List<Map<String, @Nullable Object>> oldBindings() {
		String text = getContext().get(OLD_BINDINGS);
		Object list = (text != null) ? ArgumentTable.fromText(text).get("bindings") : null;
		return (list != null) ? (List<Map<String, @Nullable Object>>) list : List.of();
	}

	void forgetOldBindings() {
		Map<String, String> context = new HashMap<>(getContext());
		context.remove(OLD_BINDINGS);
		SubjectExecutionContext.withSubject(getSubjectWithAddedSystemRights(),
				() -> setAttributes(Map.of(ConfiguredObject.CONTEXT, context)));
	}

	void deleteAsSystem() {
		SubjectExecutionContext.withSubject(getSubjectWithAddedSystemRights(), (Runnable) this::delete);
	}

	@Override
	protected <M extends ServerMessage<? extends StorableMessageMetaData>> void doRoute(M message,
			String routingAddress, InstanceProperties instanceProperties, RoutingResult<M> result) {
		throw new UnsupportedOperationException("Messages are not published through Qpid");
	}

	@Override
	protected void onBind(BindingIdentifier binding, Map<String, Object> arguments) {
		throw new UnsupportedOperationException("Bindings are not made through Qpid");
	}

	@Override
	protected void onBindingUpdated(BindingIdentifier binding, Map<String, Object> newArguments) {
		throw new UnsupportedOperationException("Bindings are not made through Qpid");
	}

	@Override
	protected void onUnbind(BindingIdentifier binding) {
		throw new UnsupportedOperationException("Bindings are not made through Qpid");
	}

}
