package dev.warren.rpc;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Objects;
import java.util.Set;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Registers a component only where {@code warren.rpc.roles} names its role.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Conditional(ConditionalOnRole.OnRole.class)
public @interface ConditionalOnRole {

	/**
	 * The role.
	 * @return the role that registers the component
	 */
	RpcProperties.Role value();

	/**
	 * Looks the role up.
	 */
	class OnRole implements Condition {

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			Object role = Objects.requireNonNull(metadata.getAnnotationAttributes(ConditionalOnRole.class.getName()))
				.get("value");
			Set<RpcProperties.Role> roles = Binder.get(context.getEnvironment())
				.bind("warren.rpc.roles", Bindable.setOf(RpcProperties.Role.class))
				.orElse(Set.of(RpcProperties.Role.values()));
			return roles.contains(role);
		}

	}

}
