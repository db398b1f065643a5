package dev.warren.broker.rabbitmq.store;

import java.util.Collection;
import java.util.Set;

import org.apache.qpid.server.model.ConfiguredObject;
import org.apache.qpid.server.plugin.ConfiguredObjectRegistration;

/**
 * Tells Qpid which types of object we add. Qpid finds it as a service.
 */
public final class QpidTypes implements ConfiguredObjectRegistration {

	@Override
	public String getType() {
		return getClass().getPackageName();
	}

	// Qpid's own signature.
	@Override
	@SuppressWarnings("rawtypes")
	public Collection<Class<? extends ConfiguredObject>> getConfiguredObjectClasses() {
		return Set.of(QpidQueue.class, QpidExchange.class, QpidDiskNode.class);
	}

}
