export const say = (...longNamedArguments) => console.debug(...longNamedArguments);
