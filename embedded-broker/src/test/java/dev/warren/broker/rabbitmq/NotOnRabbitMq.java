package dev.warren.broker.rabbitmq;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.warren.broker.RabbitMqVersion;

/**
 * What this test shows cannot be seen on the RabbitMQ that the tests run against.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface NotOnRabbitMq {

	/**
	 * Why not; {@code COMPATIBILITY.md} shows it.
	 */
	String value();

	/**
	 * From which version on.
	 */
	RabbitMqVersion from() default RabbitMqVersion.V3_10;

}
