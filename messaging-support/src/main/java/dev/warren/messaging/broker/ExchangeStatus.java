package dev.warren.messaging.broker;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.warren.messaging.broker.QueueStatus.DeclaredBy;
import org.jspecify.annotations.Nullable;

/**
 * An exchange as it is on the broker.
 *
 * @param name its name
 * @param type its type
 * @param declaredBy {@code self} if it is as this service declares it, {@code other} if
 * somebody declared it otherwise
 * @param durable whether it survives a restart of the broker
 * @param autoDelete whether it goes with its last binding
 * @param fault why this service cannot use it, such as that it is of another type, or
 * that it is missing and this service may not declare it; {@code null} if it can
 */
public record ExchangeStatus(String name, String type, DeclaredBy declaredBy, boolean durable, boolean autoDelete,
		@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String fault) {

}
