export const assist = () => [BUILD.teaser, BUILD.failure, WORDS.de.open];
