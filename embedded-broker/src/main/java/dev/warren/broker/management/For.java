package dev.warren.broker.management;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Whom an operation of the API is for; without it, it is for everybody with
 * {@link Tag#MANAGEMENT}.
 */
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
@interface For {

	Tag value();

}
