package dev.warren.broker.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.warren.broker.RabbitMqVersion;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class a virtual host of its own on an embedded broker, on a free port. The
 * classes of a JVM share the broker, for each version of RabbitMQ and each store one; it
 * is started with the first class and closed at the end of the run. The virtual host is
 * emptied before each test and deleted with the class; nested classes share it. Tests,
 * constructors and lifecycle methods get it as a parameter of type
 * {@code EmbeddedBroker}.
 * <p>
 * A Spring application context of the class gets it as a bean and connects to it,
 * whatever {@code spring.rabbitmq.addresses}, {@code .host}, {@code .port},
 * {@code .username}, {@code .password}, {@code .virtual-host} or {@code .ssl} the
 * application has. The context is closed with the class.
 *
 * @see EmbeddedBrokerExtension
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(ClassBrokerExtension.class)
public @interface EmbeddedBrokerTest {

	/**
	 * The RabbitMQ to behave as, one; by default {@link RabbitMqVersion#ofThisJvm()}.
	 */
	RabbitMqVersion[] version() default {};

	/**
	 * Where the broker keeps messages; {@link Store#MEMORY} is the faster.
	 */
	Store store() default Store.MEMORY;

	/**
	 * Where a broker may keep messages.
	 */
	enum Store {

		MEMORY,

		/** A temporary directory, which is deleted at the end of the run. */
		DISK

	}

}
