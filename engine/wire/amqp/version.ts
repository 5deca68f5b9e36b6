/** The version of RabbitMQ whose behaviour this is. */
export const RABBITMQ_VERSION = '3.10.8';
