package dev.warren.messaging.api;

import java.lang.reflect.RecordComponent;
import java.util.Iterator;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.Schema;
import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Tells of a record what its {@code @Nullable} tells: what is always there, and what may
 * be null. A pattern is of the whole value, as Jakarta Validation has it.
 */
final class NullnessConverter implements ModelConverter {

	@Override
	public @Nullable Schema<?> resolve(AnnotatedType type, ModelConverterContext context,
			Iterator<ModelConverter> chain) {
		Schema<?> schema = chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
		Class<?> raw = Json.mapper().constructType(type.getType()).getRawClass();
		if (schema == null || !raw.isRecord()) {
			return schema;
		}
		Schema<?> model = (schema.get$ref() != null)
				? context.getDefinedModels().get(schema.get$ref().substring(schema.get$ref().lastIndexOf('/') + 1))
				: schema;
		if (model != null && model.getProperties() != null) {
			for (RecordComponent component : raw.getRecordComponents()) {
				Schema<?> property = model.getProperties().get(component.getName());
				if (property != null) {
					describe(model, component, property);
				}
			}
		}
		return schema;
	}

	private static void describe(Schema<?> model, RecordComponent component, Schema<?> property) {
		boolean leftOut = AnnotatedElementUtils.hasAnnotation(component.getAccessor(), JsonInclude.class)
				|| component.getDeclaringRecord().isAnnotationPresent(JsonInclude.class);
		boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
		boolean required = model.getRequired() != null && model.getRequired().contains(component.getName());
		if (!required && !nullable && !leftOut) {
			model.addRequiredItem(component.getName());
		}
		if (!required && nullable && !leftOut && property.getTypes() != null) {
			property.addType("null");
		}
		if (property.getPattern() != null && !property.getPattern().startsWith("^")) {
			property.setPattern("^(?:" + property.getPattern() + ")$");
		}
	}

}
