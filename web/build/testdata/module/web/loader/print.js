export const print = (...longNamedArguments) => console.debug(...longNamedArguments);
