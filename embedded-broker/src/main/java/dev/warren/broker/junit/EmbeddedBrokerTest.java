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
 * Gives a test class an embedded broker with the memory store on a free port. It is
 * started before the first test, emptied before each, and closed after the last; tests,
 * constructors and lifecycle methods get it as a parameter of type
 * {@code EmbeddedBroker}.
 * <p>
 * A Spring application context of the class gets it as a bean and connects to it,
 * whatever {@code spring.rabbitmq.addresses}, {@code .host}, {@code .port},
 * {@code .username}, {@code .password} or {@code .ssl.enabled} the application has. The
 * virtual host that {@code spring.rabbitmq.virtual-host} names is created. The context is
 * closed with the class.
 *
 * @see EmbeddedBrokerExtension
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(EmbeddedBrokerExtension.class)
public @interface EmbeddedBrokerTest {

	/**
	 * The RabbitMQ to behave as, one; by default {@link RabbitMqVersion#ofThisJvm()}.
	 */
	RabbitMqVersion[] version() default {};

}
