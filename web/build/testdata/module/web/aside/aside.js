export const assist = () => [BUILD.features, BUILD.failure, WORDS.de.open];
