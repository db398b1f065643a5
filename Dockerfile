# The broker alone:
#   docker build -t warren/broker .
# One image for each application of Warren, as docker compose has them:
#   docker build --target application --build-arg PROJECTS=suite --build-arg MODULE=hello-service -t warren/hello-service .
# The modules are built once, whatever the number of images.

ARG JAVA_TAG=25

FROM eclipse-temurin:${JAVA_TAG}-jdk AS build
WORKDIR /build
COPY . .
ARG PROJECTS=embedded-broker
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B -ntp -q package -pl ${PROJECTS} -am -DskipTests
ARG MODULE=embedded-broker
RUN java -Djarmode=tools -jar ${MODULE}/target/${MODULE}-exec.jar extract --layers --destination /layers \
	&& mv /layers/application/${MODULE}-exec.jar /layers/application/application.jar \
	&& if [ -f ${MODULE}/warrenctl ]; then cp ${MODULE}/warrenctl /layers/application/; fi

FROM eclipse-temurin:${JAVA_TAG}-jre AS application
RUN useradd --system --user-group --no-create-home --home-dir /warren --uid 10001 warren \
	&& install -d -o warren -g warren /warren/data
WORKDIR /warren
# What changes least comes first. A layer without files is no error.
COPY --from=build /layers/dependencies/ ./
COPY --from=build /layers/snapshot-dependencies/ ./
COPY --from=build /layers/application/ ./
COPY docker/healthy ./
# The broker's command line, also by the name that scripts for RabbitMQ know.
RUN if [ -f warrenctl ]; then for name in warrenctl rabbitmqctl; do ln -s /warren/warrenctl /usr/local/bin/$name; done; fi
# The classes as a start loads and links them, without a broker. Made here, by the java that is going to use it.
RUN java -XX:AOTCacheOutput=application.aot -Dspring.context.exit=onRefresh -Dwarren.broker.store=memory \
	-jar application.jar > /tmp/training.log 2>&1 || { cat /tmp/training.log; exit 1; } \
	&& rm -rf /tmp/*
USER warren
ENV SERVER_ADDRESS=0.0.0.0 SERVER_PORT=8080
HEALTHCHECK --interval=2s --timeout=5s --start-period=120s --retries=5 \
	CMD ["timeout", "4", "./healthy"]
# A heap that leaves room for the rest in the container's memory; one that is full ends the process, and Docker starts another.
ENTRYPOINT ["java", "-XX:AOTCache=application.aot", "-XX:MaxRAMPercentage=50", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-jar", "application.jar"]

FROM application AS broker
ENV SERVER_PORT=15672 WARREN_BROKER_BIND_ADDRESS=*
EXPOSE 5671 5672 15672
VOLUME /warren/data
