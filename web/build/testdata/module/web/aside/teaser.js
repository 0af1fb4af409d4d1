export const extend = () => [FEATURE_CSS, WORDS.de.teaser];
