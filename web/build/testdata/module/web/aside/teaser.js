export const tease = () => [TEASER_CSS, WORDS.de.teaser];
