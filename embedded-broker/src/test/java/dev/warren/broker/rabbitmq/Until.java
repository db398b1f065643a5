package dev.warren.broker.rabbitmq;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.warren.broker.RabbitMqVersion;

/**
 * The last version that behaved so.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Until {

	RabbitMqVersion value();

}
