package dev.warren.broker.rabbitmq;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.warren.broker.RabbitMqVersion;

/**
 * The first version that behaves so.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface From {

	RabbitMqVersion value();

}
